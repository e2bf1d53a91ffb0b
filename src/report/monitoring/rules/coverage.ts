import type { CoverageThresholds } from '../../assess/coverage/findings.ts';
import {
  COMPONENTS,
  type Component,
  type CoverageCheckId,
  SEVERITIES,
  type Severity,
} from '../../model/indicator.ts';
import { durationOf, type Queries } from '../queries.ts';
import { RECORD_SECONDS } from './conditions.ts';

/** An alert about the data itself, without its words. */
export type CoverageAlert = {
  check: CoverageCheckId;
  severity: Severity;
  component: Component;
  /** How scrapes are missing, as in the gaps of a report; absent for restarts. */
  gap?: 'down' | 'absent' | undefined;
  expr: string;
  forSeconds: number;
  isPerNode: boolean;
};

/** For how long after its last scrape the alert about a target that vanished fires. An agent may have been removed. */
const VANISHED_SECONDS = 3600;

/** A restart raises an alert for three evaluations. */
const RECENT_SECONDS = 3 * RECORD_SECONDS;

/** Returns the alerts about targets that are not scraped, with the severity that a report gives them while it lasts. */
export function gapAlerts(
  queries: Queries,
  { gapSeconds }: Pick<CoverageThresholds, 'gapSeconds'>,
): CoverageAlert[] {
  const down = (component: Component): CoverageAlert => ({
    check: 'scrape-coverage',
    component,
    severity: 'critical',
    gap: 'down',
    expr: `${highest(queries, component, 'up')} == 0`,
    forSeconds: gapSeconds,
    isPerNode: isNode(component),
  });
  const absent = (component: Component, severity: Severity): CoverageAlert => {
    const seen = (seconds: number) =>
      highest(queries, component, 'max_over_time(up', `[${durationOf(seconds)}])`);
    const on = `on (${isNode(component) ? 'node' : ''})`;
    return {
      check: 'scrape-coverage',
      component,
      severity,
      gap: 'absent',
      expr: `${seen(Math.max(VANISHED_SECONDS, 2 * gapSeconds))}\nunless ${on} ${seen(gapSeconds)}`,
      forSeconds: 0,
      isPerNode: isNode(component),
    };
  };
  return [down('agent'), absent('agent', 'warning'), down('controller'), absent('controller', 'critical')];
}

/** The controller is one subject, although it may move between nodes. */
const isNode = (component: Component) => component === 'agent';

/** Returns the greatest value of a component's series, for each node with an agent. */
function highest(queries: Queries, component: Component, before: string, after = ''): string {
  const series = `${before}{$${component}s}${after}`;
  return isNode(component) ? queries.byNode(component, series) : queries.fill(`max(${series})`);
}

/** Returns the alerts about processes that restarted in the last day. */
export function restartAlerts(
  queries: Queries,
  { restarts }: Pick<CoverageThresholds, 'restarts'>,
): CoverageAlert[] {
  // Not changes() of the start time, which may differ by up to a second between scrapes (client_golang#289). A Pod that
  // replaces another one has a new series, unless all labels are the same.
  const restartsOf = (component: Component) => {
    const lives = `resets(process_cpu_seconds_total{$${component}s}[1d]) + 1`;
    const sum = isNode(component) ? queries.byNode(component, lives, 'sum') : queries.fill(`sum(${lives})`);
    return `${sum} - 1`;
  };
  const alert = (component: Component, severity: Severity): CoverageAlert => {
    const started = highest(queries, component, 'process_start_time_seconds');
    const on = `on (${isNode(component) ? 'node' : ''})`;
    return {
      check: 'process-restarts',
      component,
      severity,
      expr: `(${restartsOf(component)} >= ${restarts[severity]})\nand ${on} (time() - ${started} < ${RECENT_SECONDS})`,
      forSeconds: 0,
      isPerNode: isNode(component),
    };
  };
  return COMPONENTS.flatMap((component) => SEVERITIES.map((severity) => alert(component, severity)));
}
