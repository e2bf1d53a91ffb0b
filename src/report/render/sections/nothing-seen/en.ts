import { withCode } from '../../kit/phrase.ts';

export const en = {
  title: 'No Antrea metrics found',
  /** The title as a sentence. */
  incomplete: 'No Antrea metrics were found.',
  /** Follows the verdict. */
  verdict: 'The health of the cluster in this period is unknown.',
  /** Replaces the counts of agents and controllers. */
  noTargets: 'No targets',
  /** Nothing found at all, by the source of the data. */
  sentence: {
    prometheus: 'Prometheus responds, but has no series with Antrea metrics in this period.',
    capture: 'The capture has no series with Antrea metrics in this period.',
  },
  /** Metrics exist in this period, but not where the configuration looks for them. */
  excluded: withCode(
    'The configured jobs and labels (`prometheus.jobs`, `prometheus.matchers`) match none of the Antrea metrics that Prometheus has in this period.',
  ),
  /** Metrics existed before this period only. */
  ended: withCode(
    'Prometheus has Antrea metrics only from before this period. Find out why they are no longer scraped, or choose an earlier period.',
  ),
  found: 'Jobs with Antrea metrics',
  columns: { job: 'Job', component: 'Component', labels: 'Common labels', lastSample: 'Last sample' },
  configuration: withCode('If these jobs belong to the cluster, add this to `antrea-health.yaml`:'),
  // In comments of the configuration.
  or: (values: readonly string[]) => `or ${values.join(', ')}`,
  remove: (label: string) => `remove ${label} from matchers: these series do not have it`,
  reasonsHeading: 'Possible reasons, the most common first',
  notScraped: withCode('Antrea is not scraped. The Antrea documentation has the scrape configuration:'),
  otherSettings: withCode(
    '`prometheus.jobs` or `prometheus.matchers` in `antrea-health.yaml` name jobs or labels that the series do not have.',
  ),
  otherPeriod: withCode(
    'The data is from another time: scraping started later, or Prometheus has already deleted the data of this period. Choose another period.',
  ),
  otherServer: withCode(
    'Another server scrapes this cluster. Check `prometheus.url` in `antrea-health.yaml`.',
  ),
};
