import * as z from 'zod';
import { instant } from '../../report/model/report-values.ts';

/** What `antrea-health check` finds out, as `--json` prints it. docs/check.md explains it. */

export const STATES = ['ok', 'note', 'problem'] as const;

const exitCode = z.literal([0, 1, 2]);

const advice = z.strictObject({
  text: z.string().describe('what to do, one sentence or two'),
  lines: z.array(z.string()).describe('to copy: YAML, a command, an option; may be empty'),
});

const result = z.strictObject({
  id: z
    .string()
    .describe('stable: "connection", "targets", …; "indicators.<id>" for an indicator of your own'),
  state: z
    .enum(STATES)
    .describe('ok: in order; note: reports are made, but say less; problem: no report, or a wrong one'),
  title: z.string(),
  detail: z.string(),
  advice: z.array(advice),
  exitCode: exitCode.describe('that this result alone would give'),
});

export const checkDocument = z.strictObject({
  version: z.literal('1'),
  checkedAt: instant,
  exitCode: exitCode.describe(
    'of the command: 0 in order, 1 something on the server, 2 something in the file',
  ),
  configuration: z
    .strictObject({
      file: z.string(),
      clusters: z.number().int(),
      ownIndicators: z.number().int(),
      problems: z.array(z.string()).describe('each with its line; not empty: no server was asked'),
    })
    .nullable()
    .describe('null without --config'),
  clusters: z
    .array(
      z.strictObject({
        cluster: z.string().nullable().describe('null where nothing names it'),
        address: z.string().nullable().describe('of its Prometheus, without secrets; null for a capture'),
        results: z.array(result),
      }),
    )
    .describe('empty with --offline, and when the configuration has problems'),
});

export type CheckDocument = z.infer<typeof checkDocument>;
export type CheckResult = z.infer<typeof result>;
export type ClusterResults = CheckDocument['clusters'][number];
export type Advice = z.infer<typeof advice>;

/** What a check says; what it leaves out is empty, or that of the check itself. */
export type Verdict = Pick<CheckResult, 'state' | 'detail'> & Partial<CheckResult>;

export function completeResult(check: { id: string; title: string }, verdict: Verdict): CheckResult {
  const { id = check.id, title = check.title, state, detail, advice = [] } = verdict;
  return { id, title, state, detail, advice, exitCode: verdict.exitCode ?? (state === 'problem' ? 1 : 0) };
}

export function advise(text: string, lines: readonly string[] = []): Advice {
  return { text, lines: [...lines] };
}

/** For what could not be asked. */
export function unknown({ reason }: { reason: string }): Verdict {
  return { state: 'note', detail: `unknown: ${reason}` };
}
