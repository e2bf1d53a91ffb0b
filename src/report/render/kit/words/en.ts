import { code, name, phrase } from '../phrase.ts';
import { at, list, place, places, plural, processes } from './english.ts';
import { labelValue } from './labels.ts';
import { ENGLISH_NOUNS } from './nouns.ts';
import type { Counts, Words } from './words.ts';

/** Reasons come from elsewhere: with a full stop or without, or not at all. */
function because(reason: string): string {
  const told = reason.trim().replace(/\.+$/, '');
  return told === '' ? '.' : `: ${told}.`;
}

function counts({ agentsAtEnd, agentsDesired, agentsSeen, controllers }: Counts): string {
  const wanted = agentsDesired ?? agentsSeen;
  const agents =
    agentsAtEnd === wanted
      ? plural(agentsAtEnd, 'agent', 'agents')
      : `${agentsAtEnd} of ${plural(wanted, 'agent', 'agents')}`;
  return `${agents} and ${controllers === 0 ? 'no controller' : plural(controllers, 'controller', 'controllers')} at the end`;
}

export const en: Words = {
  kicker: 'Antrea health report',
  documentTitle: (cluster, end) => `${cluster} – Antrea health report, ${end}`,

  statuses: {
    critical: 'Critical',
    warning: 'Warning',
    explained: 'Explained',
    healthy: 'Healthy',
    idle: 'No activity',
    information: 'For information',
    'no-data': 'No data',
    'not-enabled': 'Not enabled',
    'not-exposed': 'Not exposed',
    failed: 'Query failed',
  },
  verdicts: { critical: 'Critical', warning: 'Warning', healthy: 'Healthy', unknown: 'Unknown' },
  verdictDetail: (verdict, entries, ongoing) => {
    if (entries === 0)
      return verdict === 'unknown'
        ? 'Nothing bad was seen, but not everything was.'
        : 'Nothing needs attention.';
    if (entries === 1)
      return ongoing === 1
        ? 'One thing needs attention; it was not over at the end of the period.'
        : 'One thing needs attention; it is over.';
    if (ongoing === 0) return `${entries} things need attention; all are over.`;
    return ongoing === entries
      ? `${entries} things need attention; none was over at the end of the period.`
      : `${entries} things need attention, ${ongoing} of them not over at the end of the period.`;
  },
  sections: {
    availability: 'Availability',
    policy: 'Policy computation',
    service: 'Services',
    datapath: 'Datapath',
    'flow-export': 'Flow export',
    capacity: 'Capacity',
    resources: 'Processes',
    own: 'Own indicators',
  },
  components: { agent: 'agent', controller: 'controller' },

  masthead: {
    score: 'Score',
    outOfHundred: ' / 100',
    scoreDescription: (score) => `${score} out of 100`,
    period: 'Period',
    generated: 'Generated',
    coverage: 'Coverage',
    coverageCounts: counts,
    coverageSeen: (share) => `${share} of scrapes succeeded`,
    coverageUnknown: 'Not known',
    recorded: (when) => `from a capture of ${when}`,
    antrea: (from, until, before) => {
      if (from === null) return `before ${before}`;
      if (until !== null)
        return from === until || from.startsWith(`${until}.`) ? until : `${from} to ${until}`;
      return before === null ? `${from} or later` : `${from} or later, before ${before}`;
    },
    antreaEvidence: 'by the metrics present',
    incomplete: 'Incomplete.',
    incompleteFailed: (titles) =>
      `The ${titles.length === 1 ? 'query' : 'queries'} for ${list(titles)} failed.`,
    incompleteNoData: (titles) => `There is no data for ${list(titles)}.`,
    incompleteInterval: 'How often targets are scraped could not be measured, so windows may be too short.',
    incompleteReadings: (title, subjects, more) =>
      `${title}: no reading of ${more > 0 ? `${subjects.join(', ')} and ${more} more` : list(subjects)}.`,
    incompleteCoverage: (reason) => `How well the period was seen is not known${because(reason)}`,
    incompleteMetrics: (reason) => `Which metrics were there is not known${because(reason)}`,
    incompleteAgents: ({ agentsAtEnd, agentsDesired }) =>
      `At the end only ${agentsAtEnd} of ${plural(agentsDesired ?? 0, 'agent', 'agents')} answered.`,
    incompleteWarnings: (count) =>
      `Prometheus gave ${plural(count, 'warning', 'warnings')}; its answers may be partial.`,
    incompleteOther: 'Parts of the period were not seen.',
  },

  attention: {
    heading: 'Needs attention',
    inDetail: 'In detail',
    nothing: 'Every indicator stayed within its thresholds.',
    nothingKnown: 'Everything that was seen stayed within its thresholds.',
    headline: ({ title, places: all, value, limit, isBelow }) => {
      if (all.length > 1)
        return phrase`${title} ${at(all)}: ${isBelow ? 'down' : 'up'} to ${value}; the threshold is ${limit}`;
      return phrase`${title} ${at(all)} ${isBelow ? 'fell to' : 'reached'} ${value}; the threshold is ${limit}`;
    },
    headlineNoneNormal: ({ title, places: all, value }) =>
      phrase`${title} ${at(all)}: ${all.length > 1 ? 'up to ' : ''}${value}, where none is normal`,
    headlineUnusual: ({ title, places: all, value, isBelow }, share, median) =>
      phrase`${title} ${at(all)} ${isBelow ? 'fell' : 'rose'} to ${value}, more than ${share} ${isBelow ? 'below' : 'above'} the usual ${median}`,
    headlineUnusualMany: ({ title, places: all }, share) =>
      phrase`${title} ${at(all)}: more than ${share} away from their usual level`,
    headlineMissing: ({ places: all, value, limit }) => {
      if (all[0]?.kind === 'everything')
        return phrase`Nothing was scraped for ${value}; the threshold is ${limit}`;
      const verb = all.length > 1 ? 'were not scraped for up to' : 'was not scraped for';
      return phrase`${processes(all)} ${verb} ${value}; the threshold is ${limit}`;
    },
    headlineRestarts: ({ places: all }, starts, limit, severity) => {
      const times = starts === 1 ? 'once' : starts === 2 ? 'twice' : `${starts} times`;
      const rule = limit === 1 ? 'any restart' : `from ${limit} on it`;
      return phrase`${processes(all)} restarted ${all.length > 1 && starts > 1 ? 'up to ' : ''}${times}${all.length > 1 && starts === 1 ? ' each' : ''}; ${rule} is ${severity === 'critical' ? 'critical' : 'a warning'}`;
    },
    ongoing: 'still going on at the end',
    ongoingSome: (ongoing, all) => `${ongoing} of ${all} still going on at the end`,
    since: (time) => `since ${time}`,
    lasted: (duration) => `for ${duration}`,
    several: (times, areMoments) => (areMoments ? `at ${times} moments` : `in ${times} stretches`),
    inAll: (duration) => `${duration} in all`,
    throughout: 'the whole period',
    more: (count) => `and ${count.toLocaleString('en-GB')} more`,
    meaning: 'What it means',
    firstStep: 'Do first',
    details: 'Chart and steps',
    episodes: (subject, ranges, more) =>
      `${subject}: ${ranges.join('; ')}${more > 0 ? ` and ${plural(more, 'more stretch', 'more stretches')}` : ''}`,
  },

  overview: {
    heading: 'All indicators',
    section: 'Section',
    status: 'Status',
    indicator: 'Indicator',
    worst: 'Reading',
    where: 'Where',
    limits: 'Thresholds (warning / critical)',
    course: 'Course',
    courseDescription: (title) => `${title}: course over the period`,
    noLimits: 'none',
  },

  place,
  placeShort: (one) =>
    one.kind === 'controller' || one.kind === 'cluster'
      ? phrase`${one.kind}${one.labels === '' ? '' : ` (${one.labels})`}`
      : place(one),
  places,
  noun: (amount, value, unit) => {
    const nouns = ENGLISH_NOUNS[unit];
    return nouns === undefined ? amount : `${amount} ${value === 1 ? nouns[0] : nouns[1]}`;
  },
  labelValue: (label, value) => labelValue('en', label, value),
  list,
  comma: ', ',
  sentenceSpace: ' ',

  limits: {
    above: (value) => `above ${value}`,
    atLeast: (value) => `from ${value}`,
    below: (value) => `below ${value}`,
    change: (share) => `${share} away from the usual level`,
    rise: (share) => `${share} above the usual level`,
    and: (conditions) => conditions.join(' and '),
    lasting: (condition, duration) => `${condition} for ${duration}`,
    times: (condition, times) => `${condition} at ${times} or more separate moments`,
    severity: (severity, condition) => `${severity} ${condition}`,
    join: (limits) => {
      const text = limits.join('; ');
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
    },
  },

  indicator: {
    reading: (aggregation, value, where, time) => {
      const on = where === null ? phrase`` : phrase` on ${where}`;
      if (aggregation === 'maximum') return phrase`Highest ${value}${on}${time === null ? '' : `, ${time}`}.`;
      if (aggregation === 'last') return phrase`Highest at the end ${value}${on}.`;
      return phrase`Most: ${value}${on}.`;
    },
    readingRange: (low, high) => `${low} to ${high} at the end of the period.`,
    readingOne: (value) => `${value} at the end of the period.`,
    readingOfFinding: (where, value, range) =>
      phrase`${where === null ? '' : phrase`${where} had `}${value}, ${range}.`,
    allZero: 'None in the period.',
    information: 'Given for information; it has no thresholds.',
    idle: 'No activity in this period: the metric is there, but nothing of the kind happened.',
    noData: 'No data, although every Antrea version exposes this metric. It could not be judged.',
    notEnabled: 'Not enabled: the feature that this metric belongs to is off.',
    notExposed: 'Not exposed: this version of Antrea does not have this metric.',
    failed: 'The query failed, so this could not be judged:',
    readings: 'Readings',
    worstReadings: 'Worst readings',
    readingsValue: { maximum: 'Highest', last: 'Last', total: 'Total' },
    time: 'When',
    last: 'Last',
    median: 'Median',
    moreWithinLimits: (count) => `and ${count.toLocaleString('en-GB')} more within thresholds`,
    more: (count) => `and ${count.toLocaleString('en-GB')} more`,
    noActivity: 'no activity',
    meaning: 'What it means',
    nextSteps: 'Steps',
    podGone: 'The Pod of that time is gone; look in your log store.',
    query: 'PromQL',
    unknown:
      'This version of the report does not know this indicator; its numbers are shown without explanation.',
  },

  chart: {
    description: ({ subjects, highest, lowest, from, to }) =>
      `${plural(subjects, 'line', 'lines')} from ${from} to ${to}, between ${lowest} and ${highest}.`,
    limit: (severity, value) => `${severity === 'critical' ? 'Critical' : 'Warning'} ${value}`,
    limitsAbove: (limits) =>
      `The ${limits.length === 1 ? 'threshold' : 'thresholds'} (${limits.join(', ')}) ${limits.length === 1 ? 'lies' : 'lie'} above this scale.`,
    settling: (duration) => `The first ${duration} after a process start are drawn, but not judged.`,
    noData: 'no data',
    noDataOf: (subject) => `no data: ${subject}`,
    hatched: (subjects) => `Hatched: no data${subjects.length > 0 ? ` from ${list(subjects)}` : ''}.`,
    others: (count) => `Grey: ${plural(count, 'other line', 'other lines')}.`,
    band: (count) =>
      `Grey band: lowest to highest of all ${count.toLocaleString('en-GB')}; grey line: their median.`,
    bandWithoutCount: 'Grey band: lowest to highest of all; grey line: their median.',
    strip: (subject) => `When it was beyond its threshold: ${subject}`,
  },

  coverage: {
    heading: 'Coverage',
    seen: (share, all) => `${share} of the expected scrapes succeeded; ${counts(all)}.`,
    assumedInterval: (interval) => `Scrape interval: not known, assumed to be ${interval}.`,
    interval: (interval) => `Scrape interval: ${interval}.`,
    unknown: (reason) => phrase`How well the period was seen is not known${because(reason)}`,
    target: 'Target',
    presence: 'Scraped',
    share: 'Share',
    restarts: 'Restarts',
    presenceDescription: (subject, share) => `${subject}: ${share} of the expected scrapes`,
    legendFull: 'all scrapes',
    legendPartial: 'some',
    legendNone: 'none',
    legendRestart: 'process start',
    moreTargets: (count) => `and ${plural(count, 'more target', 'more targets')}, seen at least as well`,
    gaps: 'Gaps and restarts',
    noGaps: 'No gaps and no restarts.',
    gapKinds: { down: 'scraped without success', absent: 'not scraped' },
    gap: (range, duration, kind) => `${range} ${kind} (${duration})`,
    restartTimes: (times, more) =>
      times.length + more === 1
        ? `process start ${list(times)}`
        : `process starts ${more > 0 ? `${times.join(', ')} and ${more} more` : list(times)}`,
    moreStretches: (count) => `and ${count.toLocaleString('en-GB')} more`,
    warnings: 'Prometheus warned',
  },

  metrics: {
    heading: 'Metric reference',
    introduction:
      'Gauges: lowest to highest at the end of the period. Counters: rise over the period, all series together. Histograms: observations in the period and their mean.',
    unknown: (reason) => phrase`Which metrics were there is not known${because(reason)}`,
    name: 'Metric',
    value: 'Value',
    explanation: 'Explanation',
    former: (former, until) => phrase`${code(former)} until ${until}`,
    groups: { controller: 'Controller', agent: 'Agent', both: 'Agent and controller processes' },
    notExposed: 'not exposed',
    requires: 'Requires: ',
    since: (releases) => `Since ${releases}.`,
    range: (low, high) => `${low} – ${high}`,
    rise: (value) => `+${value}`,
    observations: (count) => `${count} ×`,
    mean: (value) => `mean ${value}`,
    noObservations: 'no observations',
  },

  colophon: {
    heading: 'About this report',
    score:
      'The score starts at 100. Each indicator with a critical finding takes a quarter of what is left; each one whose worst is a warning, and each that could not be judged, takes a tenth. Findings that others explain do not count. Scrape coverage and restarts count as indicators. The score is never 100 while something is unknown.',
    times: (timeZone, step, window) =>
      `Times are in ${timeZone}. One point in a chart stands for ${step}; rates look back over ${window}.`,
    made: (generator, version, schema, id) =>
      phrase`Made by ${name(generator)} ${name(version)} from report ${name(id)}, schema version ${schema}.`,
  },
};
