import { list } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Not measured',
  /** Before titles of indicators, and after the last one. */
  labels: { 'not-enabled': 'Not enabled:', 'not-exposed': 'Not in this Antrea version:' },
  separator: ', ',
  stop: '.',
  sentenceSpace: ' ',
  /** Precedes a line for each missing exporter. */
  exporters: 'If Prometheus also scraped these, the report would see:',
  titles: (titles: readonly string[]) => titles.map(asNoun).join(', '),
  /** The exporter may be there and lack some of its metrics. */
  noMetric: (exporter: string, names: readonly string[]) =>
    `Prometheus lacks some of these metrics of ${exporter}: ${names.map((name) => `\`${name}\``).join(', ')}.`,
  /** For a feature whose requirements the catalog does not know. */
  off: 'The feature is off.',
  since: (releases: readonly string[]) => `Since ${list(releases)}.`,
  notExposed: 'This Antrea version does not have this metric.',
  unknown: 'Prometheus has no such metric.',
};

/** Returns a title as it reads within a sentence. Names and abbreviations keep their capital. */
function asNoun(title: string): string {
  return /^[A-Z][a-z]+[ -]/.test(title) && !title.startsWith('Pod ')
    ? `${title.charAt(0).toLowerCase()}${title.slice(1)}`
    : title;
}
