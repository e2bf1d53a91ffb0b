import { planGrid } from '../../report/gather/plan.ts';
import type { BuildInfo } from '../../report/gather/source.ts';
import { COMPONENTS } from '../../report/model/indicator.ts';
import { MARKERS } from '../../report/model/product.ts';
import { matcherText } from '../../report/promql/placeholders.ts';
import type { Check } from './facts.ts';
import { type Advice, advise, type Verdict } from './result.ts';
import { counted, joined } from './words.ts';

/** How far back the data of Antrea reaches, against what reports compare with. */
export const history: Check = {
  id: 'history',
  title: 'History',
  async run({ source, survey, period, build }) {
    const { selection } = survey.views[0];
    // Of each day only the last hour, which says as much as all of it. Without `up` the markers are there.
    const parts = COMPONENTS.flatMap((component) => {
      const matchers = matcherText(selection[component].matchers);
      return ['up', MARKERS[component]].map((name) => `count(last_over_time(${name}{${matchers}}[1h]))`);
    });
    const grid = planGrid(period.end - (MONTHS_DAYS + 1) * DAY_SECONDS, period.end, DAY_SECONDS);
    const { series } = await source.range([...new Set(parts)].join(' or '), grid);
    const known = Array.from({ length: grid.count }, (_, index) =>
      series.some(({ values }) => (values[index] ?? 0) > 0),
    );
    const first = known.indexOf(true);
    // The last point is now: data at the first of three points reaches back two days.
    const days = first < 0 ? 0 : grid.count - 1 - first;
    return [describeHistory(days, (period.end - period.start) / DAY_SECONDS, build)];
  },
};

const DAY_SECONDS = 86_400;

/** The month and as many days before it (docs/configuration.md, "How far back"), with a few to spare. */
const MONTHS_DAYS = 65;

/** Four weeks of history before the period: gather/history.ts. */
const HISTORY_DAYS = 28;

/** Comparison with the week before is for periods shorter than a week: gather/plan.ts. */
const WEEK_DAYS = 7;

/**
 * @param days how far back data reaches, whole days; more than MONTHS_DAYS are not looked for
 * @param periodDays the length of a report's period
 */
export function describeHistory(days: number, periodDays: number, build: BuildInfo): Verdict {
  const wants = [
    { name: periodDays === 1 ? 'the day before' : 'the period before', days: 2 * periodDays },
    ...(periodDays < WEEK_DAYS ? [{ name: 'a week before', days: WEEK_DAYS + periodDays }] : []),
    { name: 'four weeks of history', days: HISTORY_DAYS + periodDays },
    { name: 'reports of months', days: MONTHS_DAYS },
  ];
  const [possible, missing] = [true, false].map((isPossible) =>
    wants.filter((want) => days >= want.days === isPossible),
  );
  const needs = missing?.map((want) => `${want.name} (${Math.ceil(want.days)} days)`) ?? [];
  const detail = [
    `reaches back ${days >= MONTHS_DAYS ? `${MONTHS_DAYS} days or more` : days === 0 ? 'less than a day' : counted(days, 'day')}`,
    ...(possible?.length ? [`enough for ${joined(possible.map(({ name }) => name))}`] : []),
    ...(needs.length > 0 ? [`too short for ${joined(needs)}`] : []),
  ].join('; ');
  // Without months, a report of the period is whole.
  const isWhole = days >= HISTORY_DAYS + periodDays;
  return { state: isWhole ? 'ok' : 'note', detail, advice: isWhole ? [] : adviceOn(days, build) };
}

/** Whether data ends where the server deletes it or where Antrea began only the server's retention can tell. */
function adviceOn(days: number, { product, retention }: BuildInfo): Advice[] {
  const kept = daysOf(retention);
  const option =
    product === 'VictoriaMetrics'
      ? `-retentionPeriod=${MONTHS_DAYS}d`
      : `--storage.tsdb.retention.time=${MONTHS_DAYS}d`;
  if (kept !== null && kept > days + 1 && kept >= MONTHS_DAYS)
    return [
      advise(
        `The server keeps ${retention}, so the data begins with Antrea, with its scrapes or with the server: it grows by itself.`,
      ),
    ];
  if (kept !== null && kept > days + 1)
    return [
      advise(
        `The data seems to begin with Antrea, with its scrapes or with the server, and grows by itself; but the server keeps only ${retention}. Start it with:`,
        [option],
      ),
    ];
  if (kept !== null)
    return [advise(`The server keeps ${retention} and deletes what is older. Start it with:`, [option])];
  const usual =
    product === 'Prometheus' || product === null ? ', as Prometheus does after 15 days by default' : '';
  return [
    advise(
      `If Antrea has been scraped for longer, the server deletes older data${usual}; let it keep more. Otherwise the history grows by itself.`,
      product === null || product === 'Prometheus' || product === 'VictoriaMetrics' ? [option] : [],
    ),
  ];
}

const UNIT_DAYS: Readonly<Record<string, number>> = { y: 365, w: 7, d: 1, h: 1 / 24 };

/** Days of Prometheus's way to write durations, "2w1d"; `null` where no time is in it, only a size. */
export function daysOf(retention: string | null): number | null {
  const [time = ''] = /^(?:\d+[ywdhms]+)+/.exec(retention ?? '') ?? [];
  const parts = [...time.matchAll(/(\d+)([ywdh])/g)];
  return parts.length === 0
    ? null
    : parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_DAYS[unit] ?? 0), 0);
}
