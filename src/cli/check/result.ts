import * as z from 'zod';
import { instant } from '../../report/model/report-values.ts';

/** The results of `antrea-health check`, as `--json` prints them. docs/check.md describes them. */

export const STATES = ['ok', 'note', 'problem'] as const;

const exitCode = z.literal([0, 1, 2]);

const advice = z.strictObject({
  text: z.string().describe('what to do, in one or two sentences'),
  lines: z.array(z.string()).describe('lines to copy: YAML, a command or an option; can be empty'),
});

const result = z.strictObject({
  id: z.string().describe('stable: "connection", "targets", …; "indicators.<id>" for a custom indicator'),
  state: z
    .enum(STATES)
    .describe(
      'ok: nothing to do; note: reports can be made, but they say less; problem: no report can be made, or the file must be corrected',
    ),
  title: z.string(),
  detail: z.string(),
  advice: z.array(advice),
  exitCode: exitCode.describe('the exit code of the command if this were the only result'),
});

export const checkDocument = z.strictObject({
  version: z.literal('1'),
  checkedAt: instant,
  exitCode: exitCode.describe(
    'exit code of the command: 0: no problems; 1: a problem of a server; 2: the file or the command line must be corrected',
  ),
  configuration: z
    .strictObject({
      file: z.string(),
      clusters: z.number().int(),
      ownIndicators: z.number().int().describe('number of custom indicators'),
      problems: z.array(z.string()).describe('each with its line; if there are any, no server is checked'),
    })
    .nullable()
    .describe('null without --config'),
  clusters: z
    .array(
      z.strictObject({
        cluster: z.string().nullable().describe('name of the cluster; null when it has none'),
        address: z
          .string()
          .nullable()
          .describe('address of its Prometheus, without secrets; null for a capture'),
        results: z.array(result),
      }),
    )
    .describe('empty with --offline, and when the configuration has problems'),
});

export type CheckDocument = z.infer<typeof checkDocument>;
export type CheckResult = z.infer<typeof result>;
export type ClusterResults = CheckDocument['clusters'][number];
export type Advice = { text: string; lines?: readonly string[] | undefined };

/** What a check found. Id and title are those of the check when absent, the exit code follows from the state. */
export type Verdict = Pick<CheckResult, 'state' | 'detail'> &
  Partial<Pick<CheckResult, 'id' | 'title' | 'exitCode'>> & { advice?: readonly Advice[] | undefined };

export function toResult(check: { id: string; title: string }, verdict: Verdict): CheckResult {
  const { id = check.id, title = check.title, state, detail, advice = [] } = verdict;
  return {
    id,
    title,
    state,
    detail,
    advice: advice.map(({ text, lines = [] }) => ({ text, lines: [...lines] })),
    exitCode: verdict.exitCode ?? (state === 'problem' ? 1 : 0),
  };
}

/** The verdict when a query that the check needs has failed. */
export function unknownVerdict(reason: string): Verdict {
  return { state: 'note', detail: `unknown: ${reason}` };
}
