import { antreaVersionOf } from '../../report/assess/antrea-version.ts';
import { METRICS } from '../../report/catalog/metrics/index.ts';
import { VERSION_EVIDENCE } from '../../report/catalog/version-evidence.ts';
import { storedNames } from '../../report/gather/forms.ts';
import { durationsOf } from '../../report/gather/period.ts';
import { COMPONENTS } from '../../report/model/indicator.ts';
import { FEATURES, FLOW_EXPORTER_MARKER } from '../../report/model/product.ts';
import type { Check, Facts } from './facts.ts';
import { unknown, type Verdict } from './result.ts';
import { counted } from './words.ts';

/** Which Antrea this is, as far as its metrics tell, and which of its features are on. */
export const antrea: Check = {
  id: 'antrea',
  title: 'Antrea',
  async run(facts) {
    const { ask, period, plan, metricNames } = facts;
    if (!metricNames.ok) return [unknown(metricNames)];
    const exporters = await ask.instant(
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
  { surveyed, agentNodes }: Pick<Facts, 'surveyed' | 'agentNodes'>,
  flowExporters: number,
): Verdict {
  const present = [...names.keys()];
  const isOn = (prefix: string) => present.some((name) => name.startsWith(prefix));
  const ofAgents = flowExporters < agentNodes.size ? ` (on ${counted(flowExporters, 'node')})` : '';
  const on = [
    ...FEATURES.filter(({ prefix }) => isOn(prefix)).map(({ name }) => name),
    ...(flowExporters > 0 ? [`Flow Exporter${ofAgents}`] : []),
  ];
  const off = [
    ...FEATURES.filter(({ prefix }) => !isOn(prefix)).map(({ name }) => name),
    ...(flowExporters > 0 ? [] : ['Flow Exporter']),
  ];
  const parts = [
    `version ${versionText(names, surveyed)}`,
    ...(on.length > 0 ? [`on: ${on.join(', ')}`] : []),
    ...(off.length > 0 ? [`off or not in this version: ${off.join(', ')}`] : []),
  ];
  return { state: 'ok', detail: parts.join('; ') };
}

function versionText(names: ReadonlyMap<string, number>, surveyed: Facts['surveyed']): string {
  const metrics = METRICS.flatMap(({ name, type, formerNames = [] }) => {
    const found = [name, ...formerNames.map((former) => former.name)].find((one) =>
      storedNames({ name: one, type }).some((stored) => names.has(stored)),
    );
    return found === undefined ? [] : [{ name, exposedAs: found, series: 1 }];
  });
  const scraped = COMPONENTS.filter((component) => surveyed[component].targets > 0);
  const { from, before } = antreaVersionOf(
    metrics,
    scraped.map((component) => ({ component })),
    VERSION_EVIDENCE,
  );
  if (from === null) return before === null ? 'unknown' : `older than ${before}`;
  return before === null ? `${from} or newer` : `${from} or newer, older than ${before}`;
}
