/** Changed answers of Prometheus, from its HTTP server to the page of the report. */
import fc from 'fast-check';
import { QueryError, type QueryErrorKind } from '../../src/report/gather/errors.ts';
import type { Source } from '../../src/report/gather/source.ts';
import type { Period } from '../../src/report/model/period.ts';
import type { Report } from '../../src/report/model/report.ts';
import type { Grid } from '../../src/report/model/series.ts';
import type { Answer, Request } from '../services/faulty-proxy.ts';
import { startSmallDay } from '../services/small-day.ts';
import { edits } from './inputs.ts';
import { type Edit, edit, toText, toTree } from './json-tree.ts';
import { checkReport, madeOrRefused } from './promises.ts';
import { openTarget, type Target } from './target.ts';

/** Which answers are changed: one, one of some, or all. */
type Chosen = { first: number; every: number | null };

type Change = { chosen: Chosen; edits: Edit[]; status: number; cut: number | null };

const KEYS = [
  ...[
    'status',
    'data',
    'resultType',
    'result',
    'metric',
    'value',
    'values',
    'warnings',
    'isPartial',
    'error',
  ],
  ...['errorType', 'infos', '__name__', 'job', 'instance', 'component', 'node', 'pod', 'namespace', 'le'],
];

const STATUSES = [201, 204, 301, 400, 401, 403, 404, 405, 413, 422, 429, 431, 500, 501, 503, 504];

const change: fc.Arbitrary<Change> = fc.record({
  chosen: fc.record({
    first: fc.nat(1000),
    every: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(1, 2, 10)),
  }),
  edits: fc.array(edits(KEYS), { minLength: 1, maxLength: 3 }),
  status: fc.oneof({ weight: 12, arbitrary: fc.constant(200) }, fc.constantFrom(...STATUSES)),
  cut: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, fc.nat(10_000)),
});

/** The failures after which a query is not asked in other forms. */
const FINAL: readonly QueryErrorKind[] = [
  'rejected',
  'server',
  'overloaded',
  'not-prometheus',
  'out-of-bounds',
];

/** The client sends a query by GET if the server refuses POST. */
const formOf = ({ method, path, body }: Request) =>
  method === 'GET' ? (path.split('?')[1] ?? '') : body.toString();

export async function openAnswers(): Promise<Target> {
  const day = await startSmallDay();
  // The first report finds out which queries there are.
  const forms = new Set<string>();
  day.handler = (request) => {
    forms.add(formOf(request));
    return day.answer(request);
  };
  if (!(await day.report()).complete) throw new Error('the report of the recorded day is not complete');
  const known = [...forms].sort();

  return openTarget({
    inputs: fc.array(change, { minLength: 1, maxLength: 4 }),
    async check(changes) {
      const chosen = changes.map((one) => ({ ...one, forms: formsOf(one.chosen, known) }));
      day.handler = async (request) => {
        const form = formOf(request);
        return changed(
          await day.answer(request),
          chosen.filter((one) => one.forms.has(form)),
        );
      };
      const failures: Failure[] = [];
      const report = await madeOrRefused(() => day.report((source) => watched(source, failures)));
      if (report === null) return 'refused';
      checkHonest(report, failures, day.period);
      await checkReport(report);
      return report.complete ? 'complete' : 'incomplete';
    },
    stop: day.stop,
  });
}

function formsOf({ first, every }: Chosen, known: readonly string[]): ReadonlySet<string> {
  const start = first % known.length;
  const isChosen = (index: number) => index === start || (every !== null && index % every === start % every);
  return new Set(known.filter((_, index) => isChosen(index)));
}

function changed(answer: Answer, changes: readonly Change[]): Answer {
  const last = changes.at(-1);
  if (answer.status !== 200 || last === undefined) return answer;
  const clean = toTree(JSON.parse(answer.body.toString()));
  const body = Buffer.from(toText(changes.flatMap((one) => one.edits).reduce(edit, clean)));
  const { status, cut } = last;
  return { ...answer, status, body: cut === null ? body : body.subarray(0, cut % (body.length + 1)) };
}

/** Why a query has no answer; `grid` is that of a range query. */
type Failure = { message: string; grid: Grid | null };

/** Returns a source that notes the final failures of queries. */
function watched(source: Source, failures: Failure[]): Source {
  const note = (grid: Grid | null) => (error: unknown) => {
    if (error instanceof QueryError && FINAL.includes(error.kind))
      failures.push({ message: error.message, grid });
    throw error;
  };
  return {
    ...source,
    range: (query, grid, limits) => source.range(query, grid, limits).catch(note(grid)),
    instant: (query, time, limits) => source.instant(query, time, limits).catch(note(null)),
  };
}

/** Every query that failed is named by the report, and without one about the period the report is incomplete. */
function checkHonest(report: Report, failures: readonly Failure[], period: Period): void {
  if (!report.complete) return;
  const text = JSON.stringify(report);
  for (const { message, grid } of failures) {
    // Nothing depends on the images of the containers and the alerts; without them, they are unknown.
    if (message === report.antrea.imagesReason || message === report.alertsReason) continue;
    const isAboutPeriod =
      grid !== null &&
      grid.stepSeconds === report.period.stepSeconds &&
      grid.start + grid.count * grid.stepSeconds > period.start;
    if (isAboutPeriod) throw new Error(`complete without a query about the period: ${message}`);
    if (!text.includes(JSON.stringify(message).slice(1, -1)))
      throw new Error(`complete, and this failure is not named: ${message}`);
  }
}
