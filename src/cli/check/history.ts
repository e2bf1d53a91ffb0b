import { planGrid } from '../../report/gather/plan.ts';
import type { BuildInfo } from '../../report/gather/source.ts';
import { COMPONENTS } from '../../report/model/indicator.ts';
import { MARKERS } from '../../report/model/product.ts';
import { DAY_SECONDS } from '../../report/model/time.ts';
import { matcherText } from '../../report/promql/placeholders.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';
import { counted, joined } from './words.ts';

/** How far back the data of Antrea reaches, and for which comparisons that is enough. */
export const history: Check = {
  id: 'history',
  title: 'History',
  async run({ source, survey, period, build }) {
    const { selection } = survey.views[0];
    // The last hour of each day is enough. The markers stand in when there is no `up`.
    const parts = COMPONENTS.flatMap((component) => {
      const matchers = matcherText(selection[component].matchers);
      return ['up', MARKERS[component]].map((name) => `count(last_over_time(${name}{${matchers}}[1h]))`);
    });
    const grid = planGrid(period.end - (MONTHLY_REPORT_DAYS + 1) * DAY_SECONDS, period.end, DAY_SECONDS);
    const { series } = await source.range([...new Set(parts)].join(' or '), grid);
    const hasData = Array.from({ length: grid.count }, (_, index) =>
      series.some(({ values }) => (values[index] ?? 0) > 0),
    );
    const first = hasData.indexOf(true);
    // The last point is now, so data that begins at the first of three points reaches back two days.
    const days = first < 0 ? 0 : grid.count - 1 - first;
    return [describeHistory(days, (period.end - period.start) / DAY_SECONDS, build)];
  },
};

/** Days of data for monthly reports: the month, an equal period before it, and some margin (docs/configuration.md). */
const MONTHLY_REPORT_DAYS = 65;

/** History before the period: gather/history.ts. */
const HISTORY_DAYS = 28;

/** Periods shorter than a week are also compared with the week before: gather/plan.ts. */
const WEEK_DAYS = 7;

/**
 * @param days how far back data reaches, in full days; at most MONTHLY_REPORT_DAYS are queried
 * @param periodDays the length of a report's period
 */
export function describeHistory(days: number, periodDays: number, build: BuildInfo): Verdict {
  const uses = [
    { name: periodDays === 1 ? 'the day before' : 'the period before', days: 2 * periodDays },
    ...(periodDays < WEEK_DAYS ? [{ name: 'a week before', days: WEEK_DAYS + periodDays }] : []),
    { name: 'four weeks of history', days: HISTORY_DAYS + periodDays },
    { name: 'monthly reports', days: MONTHLY_REPORT_DAYS },
  ];
  const possible = uses.filter((use) => days >= use.days).map(({ name }) => name);
  const impossible = uses
    .filter((use) => days < use.days)
    .map((use) => `${use.name} (${Math.ceil(use.days)} days)`);
  const detail = [
    `reaches back ${describeDays(days)}`,
    ...(possible.length > 0 ? [`enough for ${joined(possible)}`] : []),
    ...(impossible.length > 0 ? [`too short for ${joined(impossible)}`] : []),
  ].join('; ');
  // A report of the period needs no more than this; monthly reports are optional.
  const isEnough = days >= HISTORY_DAYS + periodDays;
  return isEnough
    ? { state: 'ok', detail }
    : { state: 'note', detail, advice: [adviseOnRetention(days, build)] };
}

function describeDays(days: number): string {
  if (days >= MONTHLY_REPORT_DAYS) return `${MONTHLY_REPORT_DAYS} days or more`;
  return days === 0 ? 'less than a day' : counted(days, 'day');
}

/** Only the server's retention shows whether it deletes older data or has never had any. */
function adviseOnRetention(days: number, { product, retention }: BuildInfo): Advice {
  const keptDays = daysOf(retention);
  const option =
    product === 'VictoriaMetrics'
      ? `-retentionPeriod=${MONTHLY_REPORT_DAYS}d`
      : `--storage.tsdb.retention.time=${MONTHLY_REPORT_DAYS}d`;
  if (keptDays !== null && keptDays <= days + 1)
    return {
      text: `The server keeps data for ${retention} and deletes older data. Start it with:`,
      lines: [option],
    };
  if (keptDays !== null && keptDays < MONTHLY_REPORT_DAYS)
    return {
      text: `Antrea, its scrapes or the server are newer than the retention, so the history still grows; but the server keeps data for only ${retention}. Start it with:`,
      lines: [option],
    };
  if (keptDays !== null)
    return {
      text: `The server keeps data for ${retention}. Antrea, its scrapes or the server are newer than that, so the history still grows.`,
    };
  const isPrometheus = product === 'Prometheus' || product === null;
  return {
    text: `If Antrea has been scraped for longer, the server deletes older data${isPrometheus ? ' (Prometheus does so after 15 days by default)' : ''}; increase its retention. Otherwise the history still grows.`,
    lines: isPrometheus || product === 'VictoriaMetrics' ? [option] : [],
  };
}

const UNIT_DAYS: Readonly<Record<string, number>> = { y: 365, w: 7, d: 1, h: 1 / 24 };

/** Returns the days of a retention such as "2w1d" or "30d or 50GiB"; `null` when it contains no time, only a size. */
export function daysOf(retention: string | null): number | null {
  const [time = ''] = /^(?:\d+[ywdhms]+)+/.exec(retention ?? '') ?? [];
  const parts = [...time.matchAll(/(\d+)([ywdh])/g)];
  return parts.length === 0
    ? null
    : parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_DAYS[unit] ?? 0), 0);
}
