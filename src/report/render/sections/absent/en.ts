import { list } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Not measured',
  /** Before titles of indicators, and after the last one. */
  labels: { 'not-enabled': 'Not enabled:', 'not-exposed': 'Not in this Antrea version:' },
  separator: ', ',
  stop: '.',
  /** For a feature whose requirements the catalog does not know. */
  off: 'The feature is off.',
  since: (releases: readonly string[]) => `Since ${list(releases)}.`,
  notExposed: 'This Antrea version does not have this metric.',
  unknown: 'Prometheus has no such metric.',
};
