import type { Component, Section, Severity } from '../../../model/indicator.ts';
import type { Verdict } from '../../../model/report.ts';
import {
  because,
  count,
  list,
  more,
  place,
  placeShort,
  places,
  plural,
  reasonText,
  upperFirst,
} from '../languages/english.ts';
import type { CoverageCounts, DefectCertainty, ShownStatus } from './facts.ts';

export const en = {
  documentTitle: (cluster: string, end: string) => `${cluster} – Antrea health report, ${end}`,

  statuses: {
    critical: 'Critical',
    warning: 'Warning',
    explained: 'Explained',
    silenced: 'Silenced',
    healthy: 'Healthy',
    idle: 'No activity',
    information: 'Informational',
    'no-data': 'No data',
    'not-enabled': 'Not enabled',
    'not-exposed': 'Not exposed',
    'not-captured': 'Not captured',
    failed: 'Query failed',
  } satisfies Record<ShownStatus, string>,
  verdicts: {
    critical: 'Critical',
    warning: 'Warning',
    healthy: 'Healthy',
    unknown: 'Unknown',
  } satisfies Record<Verdict, string>,
  verdictDetail: (verdict: Verdict, incidents: number, ongoing: number) => {
    if (incidents === 0)
      return verdict === 'unknown' ? 'No problems found, but some data is missing.' : 'No problems found.';
    if (incidents === 1) return ongoing === 1 ? '1 incident, still ongoing.' : '1 incident, over by the end.';
    if (ongoing === 0) return `${count(incidents)} incidents, all over by the end.`;
    return `${count(incidents)} incidents, ${ongoing === incidents ? 'all' : count(ongoing)} still ongoing.`;
  },
  /** A message of the program that a document has in English, without its full stop. */
  reason: (reason: string | null) => reasonText(reason),
  score: 'Score',
  outOfHundred: ' / 100',
  scoreDescription: (score: number) => `${score} out of 100`,
  incomplete: 'The report is incomplete.',
  contents: 'Contents',

  /** The titles of the groups of indicators. */
  chapters: {
    availability: 'Availability',
    policy: 'Policy computation',
    service: 'Services',
    datapath: 'Datapath',
    'flow-export': 'Flow export',
    capacity: 'Capacity',
    resources: 'Processes',
    own: 'Custom indicators',
  } satisfies Record<Section, string>,
  components: { agent: 'Agent', controller: 'Controller' } satisfies Record<Component, string>,

  coverageCounts: ({ agentsAtEnd, agentsDesired, agentsSeen, controllersAtEnd }: CoverageCounts) => {
    const expected = agentsDesired ?? agentsSeen;
    const agents = plural(expected, 'agent', 'agents');
    const controllers =
      controllersAtEnd === 0 ? 'no controller' : plural(controllersAtEnd, 'controller', 'controllers');
    return `${agentsAtEnd === expected ? agents : `${count(agentsAtEnd)} of ${agents}`} and ${controllers} at the end`;
  },
  coverageUnknown: (reason: string) => `Scrape coverage is unknown${because(reason)}`,
  metricsUnknown: (reason: string) => `The list of metrics is unknown${because(reason)}`,

  place,
  placeShort,
  places,
  list,
  more,
  /** Separates the items of a row. */
  comma: ', ',
  /** Separates a heading from its text, with the space after it. */
  colon: ': ',
  /** Separates two sentences. */
  sentenceSpace: ' ',
  since: (time: string) => `since ${time}`,

  meaning: 'What it means',
  firstStep: 'First step',
  runbook: 'Runbook',
  nextSteps: 'Steps',
  /** Replaces a command that would read the log of a Pod that no longer exists. */
  podGone: 'This Pod no longer exists; look for its log in your log store.',

  thresholds: {
    above: (value: string) => `above ${value}`,
    atLeast: (value: string) => `at ${value} or more`,
    below: (value: string) => `below ${value}`,
    change: (share: string) => `${share} above or below the usual level`,
    rise: (share: string) => `${share} above the usual level`,
    and: (conditions: readonly string[]) => conditions.join(' and '),
    lasting: (condition: string, duration: string) => `${condition} for ${duration}`,
    times: (condition: string, times: number) => `${condition} at least ${times} times`,
    severity: (severity: Severity, condition: string) => `${severity} ${condition}`,
    join: (thresholds: readonly string[]) => `${upperFirst(thresholds.join('; '))}.`,
  },

  /** The version of Antrea and its known defects. */
  antrea: {
    /**
     * The range of Antrea releases: from `from` to `until`, the last possible one. `until` may be unknown although
     * `before`, the first impossible one, is known.
     */
    range: (from: string | null, until: string | null, before: string | null) => {
      if (from === null) return `before ${before}`;
      if (until !== null)
        return from === until || from.startsWith(`${until}.`) ? until : `between ${from} and ${until}`;
      return before === null ? `${from} or later` : `${from} or later, before ${before}`;
    },
    byMetrics: 'inferred from the metrics',
    byImages: 'from the container images',
    untagged: 'without a tag',
    /** `version` may be empty. `partial`: it has the defect, but another version ran too. `possible`: it may have it. */
    knownDefect: (version: string, fixedIn: string, certainty: DefectCertainty) => {
      const antrea = version === '' ? 'this version of Antrea' : `Antrea ${version}`;
      if (certainty === 'possible')
        return `${upperFirst(antrea)} may have a known defect, fixed in ${fixedIn}`;
      const part = certainty === 'partial' ? ', which not all Pods run' : '';
      return `Known defect of ${antrea}${part}, fixed in ${fixedIn}`;
    },
    workaround: 'Until the upgrade',
  },

  /**
   * Names for values of labels, by `label=value`; other values are shown as they are. Work queues: Antrea's names in
   * pkg/controller/networkpolicy and pkg/agent/controller.
   */
  labelValues: {
    'name=internalNetworkPolicy': 'NetworkPolicy queue',
    'name=addressGroup': 'AddressGroup queue',
    'name=appliedToGroup': 'AppliedToGroup queue',
    'name=internalGroup': 'Group queue',
    'name=networkpolicyrule': 'rule queue',
    'name=networkpolicystatus': 'policy status queue',
    'name=noderoute': 'route queue',
    'reason=selector_limit': 'wildcard limit',
    'reason=total_limit': 'total limit',
    'meter_id=PacketInMeterNetworkPolicy': 'NetworkPolicy packet-ins',
    'meter_id=PacketInMeterTraceflow': 'Traceflow packet-ins',
    'meter_id=PacketInMeterDNSInterception': 'DNS packet-ins',
    'ip_family=v4': 'IPv4',
    'ip_family=v6': 'IPv6',
  },
};
