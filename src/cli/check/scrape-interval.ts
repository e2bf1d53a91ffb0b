import { measureScrapeInterval } from '../../report/gather/scrape-interval.ts';
import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';
import { joined } from './words.ts';

/** How often the targets are scraped, by job. */
export const scrapeInterval: Check = {
  id: 'scrape-interval',
  title: 'Scrape interval',
  async run({ source, survey, period, settings }) {
    const { grid, series } = survey.probe;
    const jobs = Map.groupBy(
      series.filter(({ labels }) => survey.targets.some((target) => target.labels['job'] === labels['job'])),
      ({ labels }) => labels['job'] ?? '',
    );
    const measured = await Promise.all(
      [...jobs].map(async ([job, jobSeries]): Promise<[string, number | null]> => {
        const view = { ...survey, probe: { grid, series: jobSeries } };
        return [job, await measureScrapeInterval(source, view, period.end)];
      }),
    );
    return [describeIntervals(new Map(measured), settings.scrapeIntervalSeconds)];
  },
};

/** A restart takes less than a minute, and with a longer interval it may fall between two scrapes. */
const LONGEST_SECONDS = 60;

/** @param configured the interval that the configuration sets instead of the measured one, in seconds */
export function describeIntervals(
  byJob: ReadonlyMap<string, number | null>,
  configured: number | undefined,
): Verdict {
  const known = [...byJob].flatMap(([job, seconds]) => (seconds === null ? [] : [{ job, seconds }]));
  if (known.length === 0)
    return { state: 'note', detail: 'unknown: there is too little data, or the series up is missing' };
  const intervals = [...new Set(known.map(({ seconds }) => seconds))];
  const longest = Math.max(...intervals);
  const advice: Advice[] = [];
  if (longest > LONGEST_SECONDS)
    advice.push({
      text: 'Restarts and outages shorter than the interval can be missed. Use an interval of one minute or less:',
      lines: scrapeConfiguration(
        known.filter(({ seconds }) => seconds > LONGEST_SECONDS).map(({ job }) => job),
        LONGEST_SECONDS,
      ),
    });
  else if (intervals.length > 1) {
    const jobs = known.map(({ job }) => job);
    advice.push({
      text: `Reports use the longest interval for all targets. For more precise results, use the same interval for ${joined(jobs)}:`,
      lines: scrapeConfiguration(jobs, Math.min(...intervals)),
    });
  }
  if (configured !== undefined && configured !== longest)
    advice.push({
      text: `The configuration sets prometheus.scrapeInterval: ${configured}s. Remove it so that reports use the measured interval.`,
    });
  const detail =
    intervals.length === 1
      ? `${longest} s`
      : `differs: ${known.map(({ job, seconds }) => `${seconds} s in ${job}`).join(', ')}`;
  return { state: advice.length > 0 ? 'note' : 'ok', detail, advice };
}

function scrapeConfiguration(jobs: readonly string[], seconds: number): string[] {
  return [
    'scrape_configs:',
    ...jobs.flatMap((job) => [`  - job_name: ${yamlText(job)}`, `    scrape_interval: ${seconds}s`]),
  ];
}
