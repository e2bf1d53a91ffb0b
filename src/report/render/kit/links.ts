import { fillLink, isAboutIndicators } from '../../model/links.ts';
import type { Finding, ReportIndicator } from '../../model/report.ts';
import type { Context } from './context.ts';

/** A link to a page outside the report. */
export type OutsideLink = { title: string; url: string };

/** Space around the time of an incident, as a share of its length, so that a graph shows what was before and after. */
const MARGIN = 0.25;

/** The least space, in seconds. Most episodes are shorter than an hour, and a graph of a few minutes shows no level. */
const LEAST_MARGIN = 1800;

/** Returns the links of an incident, given the findings that it began with: around its time, on its node. */
export function incidentLinks(
  context: Context,
  { start, end }: { start: string; end: string },
  findings: readonly Finding[],
): OutsideLink[] {
  const [first] = findings;
  if (first === undefined) return [];
  const [from, to] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
  const margin = Math.max(LEAST_MARGIN, Math.round((to - from) * MARGIN));
  const nodes = new Set(
    findings.filter(({ component }) => component === 'agent').map(({ subject }) => subject),
  );
  const [node = ''] = nodes;
  return linksAbout(context, {
    indicator: first.indicator,
    node: nodes.size === 1 ? node : '',
    start: from - margin,
    end: to + margin,
    hasTime: true,
  });
}

/** Returns the links of an indicator, over the whole period. Those that do not depend on it are left out. */
export function indicatorLinks(context: Context, { id }: ReportIndicator): OutsideLink[] {
  const { start, end } = context.report.period;
  return linksAbout(context, {
    indicator: id,
    node: '',
    start: Date.parse(start) / 1000,
    end: Date.parse(end) / 1000,
    hasTime: false,
  });
}

type About = { indicator: string; node: string; start: number; end: number; hasTime: boolean };

function linksAbout({ report, words }: Context, { hasTime, ...about }: About): OutsideLink[] {
  const indicator = report.indicators.find(({ id }) => id === about.indicator);
  const query = indicator?.query ?? '';
  const values = { ...about, cluster: report.cluster, query };
  const shown = report.links.filter((link) => (isAboutIndicators(link) ? query !== '' : hasTime));
  const runbook = indicator?.runbook ?? report.runbook;
  return [...(runbook === undefined ? [] : [{ title: words.runbook, url: runbook }]), ...shown].map(
    ({ title, url }) => ({ title, url: fillLink(url, values) }),
  );
}
