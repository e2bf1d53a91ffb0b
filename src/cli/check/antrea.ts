import { antreaVersionOf } from '../../report/assess/version/antrea-version.ts';
import { METRICS } from '../../report/catalog/metrics/index.ts';
import { VERSION_EVIDENCE } from '../../report/catalog/version-evidence.ts';
import { durationsOf } from '../../report/gather/period.ts';
import { storedNames } from '../../report/gather/stored-forms.ts';
import { COMPONENTS } from '../../report/model/indicator.ts';
import { FEATURES, FLOW_EXPORTER_MARKER } from '../../report/model/product.ts';
import type { Check, Facts } from './facts.ts';
import { unknownVerdict, type Verdict } from './result.ts';
import { counted } from './words.ts';

/** Antrea's version and active features, as far as its metrics show them. */
export const antrea: Check = {
  id: 'antrea',
  title: 'Antrea',
  async run(facts) {
    const { querier, period, plan, metricNames } = facts;
    if (!metricNames.ok) return [unknownVerdict(metricNames.reason)];
    const exporters = await querier.instant(
      `count(max by ($node) (${FLOW_EXPORTER_MARKER}{$agents}) > 0)`,
      period.end,
      durationsOf({ period, ...plan }),
    );
    return [describeAntrea(metricNames.value, facts, exporters[0]?.value ?? 0)];
  },
};

/** @param flowExporters how many agents run the Flow Exporter */
export function describeAntrea(
  names: ReadonlyMap<string, number>,
  { reportSurvey, agentNodes }: Pick<Facts, 'reportSurvey' | 'agentNodes'>,
  flowExporters: number,
): Verdict {
  const isOn = ({ prefix }: (typeof FEATURES)[number]) =>
    [...names.keys()].some((name) => name.startsWith(prefix));
  const onNodes = flowExporters < agentNodes.size ? ` (on ${counted(flowExporters, 'node')})` : '';
  const on: string[] = FEATURES.filter(isOn).map(({ name }) => name);
  const off: string[] = FEATURES.filter((feature) => !isOn(feature)).map(({ name }) => name);
  if (flowExporters > 0) on.push(`Flow Exporter${onNodes}`);
  else off.push('Flow Exporter');
  const parts = [
    `version ${describeVersion(names, reportSurvey)}`,
    ...(on.length > 0 ? [`on: ${on.join(', ')}`] : []),
    ...(off.length > 0 ? [`off or not in this version: ${off.join(', ')}`] : []),
  ];
  return { state: 'ok', detail: parts.join('; ') };
}

function describeVersion(names: ReadonlyMap<string, number>, reportSurvey: Facts['reportSurvey']): string {
  const metrics = METRICS.flatMap(({ name, type, formerNames = [] }) => {
    const exposedAs = [name, ...formerNames.map((former) => former.name)].find((candidate) =>
      storedNames({ name: candidate, type }).some((stored) => names.has(stored)),
    );
    return exposedAs === undefined ? [] : [{ name, exposedAs, series: 1 }];
  });
  const scraped = COMPONENTS.filter((component) => reportSurvey[component].targets > 0);
  const { from, before } = antreaVersionOf(
    metrics,
    scraped.map((component) => ({ component })),
    VERSION_EVIDENCE,
  );
  if (from === null) return before === null ? 'unknown' : `older than ${before}`;
  return before === null ? `${from} or newer` : `${from} or newer, older than ${before}`;
}
