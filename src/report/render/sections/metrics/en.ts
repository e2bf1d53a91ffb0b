import { count } from '../../kit/languages/english.ts';
import { code, type Phrase, phrase } from '../../kit/phrase.ts';

export const en = {
  heading: 'Metric reference',
  /** Opens the list on screens, where it would be a quarter of the page. */
  summary: (metrics: number) => `${count(metrics)} metrics with values and explanations`,
  introduction:
    'Gauges: lowest and highest value at the end of the period. Counters: increase over the period, summed over all series. Histograms: observations in the period and their mean.',
  columns: { name: 'Metric', value: 'Value', explanation: 'Explanation' },
  former: (name: string, until: string): Phrase => phrase`${code(name)} until ${until}`,
  /** The group of process metrics. */
  bothComponents: 'Agent and controller processes',
  notExposed: 'not exposed',
  /** Replaces the value of a metric that stays 0 while its feature is off. */
  featureOff: 'feature off',
  /** Precedes what a metric requires, with the space after it. */
  requires: 'Requires: ',
  since: (releases: string) => `Since ${releases}.`,
  range: (low: string, high: string) => `${low} – ${high}`,
  increase: (value: string) => `+${value}`,
  observations: (amount: string) => `${amount} ×`,
  mean: (value: string) => `mean ${value}`,
  noObservations: 'no observations',
};
