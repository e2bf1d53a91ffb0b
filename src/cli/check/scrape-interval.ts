import { measureScrapeInterval } from '../../report/gather/scrape-interval.ts';
import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import { advise, type Verdict } from './result.ts';
import { joined } from './words.ts';

/** How often the targets are scraped, by job. */
export const scrapeInterval: Check = {
  id: 'scrape-interval',
  title: 'Scrape interval',
  async run({ source, survey, period, settings }) {
    const { grid, series } = survey.probe;
    const jobs = Map.groupBy(
      series.filter(({ labels }) => survey.targets.some((one) => one.labels['job'] === labels['job'])),
      ({ labels }) => labels['job'] ?? '',
    );
    const measured = await Promise.all(
      [...jobs].map(async ([job, own]): Promise<[string, number | null]> => {
        const view = { ...survey, probe: { grid, series: own } };
        return [job, await measureScrapeInterval(source, view, period.end)];
      }),
    );
    return [describeIntervals(new Map(measured), settings.scrapeIntervalSeconds)];
  },
};

/** A restart takes less than a minute: with longer intervals it may fall between two scrapes. */
const LONGEST_SECONDS = 60;

/** @param configured what the configuration says instead of what is measured */
export function describeIntervals(
  byJob: ReadonlyMap<string, number | null>,
  configured: number | undefined,
): Verdict {
  const known = [...byJob].flatMap(([job, seconds]) => (seconds === null ? [] : [{ job, seconds }]));
  const intervals = [...new Set(known.map(({ seconds }) => seconds))];
  const longest = Math.max(...intervals);
  if (known.length === 0)
    return { state: 'note', detail: 'unknown: the data is too young, or has no series up' };
  const detail =
    intervals.length === 1
      ? `${longest} s`
      : `differs: ${known.map(({ job, seconds }) => `${seconds} s in ${job}`).join(', ')}`;
  const advice = [
    ...(longest > LONGEST_SECONDS
      ? [
          advise(
            'Restarts and outages shorter than the interval may be missed. A minute or less shows them:',
            scrapeConfiguration(
              known.filter(({ seconds }) => seconds > LONGEST_SECONDS).map(({ job }) => job),
              LONGEST_SECONDS,
            ),
          ),
        ]
      : []),
    ...(intervals.length > 1 && longest <= LONGEST_SECONDS
      ? [
          advise(
            `Reports look back as far as the longest needs. The same interval for ${joined(known.map(({ job }) => job))} is more precise:`,
            scrapeConfiguration(
              known.map(({ job }) => job),
              Math.min(...intervals),
            ),
          ),
        ]
      : []),
    ...(configured !== undefined && configured !== longest
      ? [
          advise(
            `The configuration has prometheus.scrapeInterval: ${configured}s. Remove it, so that reports use what they measure.`,
          ),
        ]
      : []),
  ];
  return { state: advice.length > 0 ? 'note' : 'ok', detail, advice };
}

function scrapeConfiguration(jobs: readonly string[], seconds: number): string[] {
  return [
    'scrape_configs:',
    ...jobs.flatMap((job) => [`  - job_name: ${yamlText(job)}`, `    scrape_interval: ${seconds}s`]),
  ];
}
