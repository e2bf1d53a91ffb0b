import { gzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import { QueryError } from '../errors.ts';
import type { Source } from '../source.ts';
import { linesOfInstant, linesOfRange } from './answer-lines.ts';
import { encodeFooter } from './footer.ts';
import {
  type AnswerHead,
  type AnswerName,
  CAPTURE_FORMAT,
  CAPTURE_VERSION,
  type CaptureHead,
  type CaptureSettings,
  type IndexLine,
  instantKey,
  type MemberName,
  rangeKey,
} from './format.ts';
import { packLines } from './members.ts';

export type RecordOptions = {
  settings: CaptureSettings;
  /** ISO 8601. */
  recordedAt: string;
  generatorVersion: string;
  /** Appends bytes to the file. It is called again only after its promise is fulfilled. */
  write: (bytes: Uint8Array) => Promise<void>;
  /** Limit for each uncompressed answer; tests lower it. */
  largestAnswerBytes?: number | undefined;
};

export type Recorder = {
  /**
   * Passes queries on and writes every answer, failures included, before it returns the answer. The caller's limit for
   * queries at the same time therefore also limits the answers that wait to be written.
   */
  source: Source;
  /**
   * Completes the file. No query may follow.
   * @throws GatherError if an answer was too large for a capture
   * @throws Error the first error of `write`, after which nothing more was written
   */
  finish(): Promise<void>;
};

/** Records the answers of a source. The report does not depend on it: errors of writing are thrown at the end. */
export function record(source: Source, options: RecordOptions): Recorder {
  const index: IndexLine[] = [];
  const inTurn = pLimit(1);
  let failure: { error: unknown } | undefined;

  /** Runs one piece of the work unless an earlier one failed. */
  async function unlessFailed(work: () => Promise<void>): Promise<void> {
    if (failure) return;
    try {
      await work();
    } catch (error) {
      failure ??= { error };
    }
  }

  const append = (name: MemberName, member: Uint8Array): Promise<void> =>
    inTurn(() =>
      unlessFailed(async () => {
        await options.write(member);
        index.push({ ...name, bytes: member.length });
      }),
    );

  async function keepAnswer<T extends { warnings: string[] }>(
    name: AnswerName,
    linesOf: (name: AnswerName, answer: T) => Iterable<string>,
    ask: () => Promise<T>,
  ): Promise<T> {
    const keep = (lines: Iterable<string>) =>
      unlessFailed(async () => append(name, await packLines(lines, options.largestAnswerBytes)));
    try {
      const answer = await ask();
      await keep(linesOf(name, { ...answer, warnings: answer.warnings.map(withoutAddresses) }));
      return answer;
    } catch (error) {
      if (error instanceof QueryError) await keep([failureLine(name, error)]);
      throw error;
    }
  }

  // The head is the first in the queue.
  const head = append({ head: true }, gzipSync(`${JSON.stringify(headOf(options))}\n`));

  return {
    source: {
      kind: source.kind,
      range: (query, grid, limits) =>
        keepAnswer({ range: rangeKey(query, grid) }, linesOfRange, () => source.range(query, grid, limits)),
      instant: (query, time, limits) =>
        keepAnswer({ instant: instantKey(query, time) }, linesOfInstant, () =>
          source.instant(query, time, limits),
        ),
    },
    async finish() {
      await head;
      await unlessFailed(async () => {
        const indexOffset = index.reduce((sum, { bytes }) => sum + bytes, 0);
        await options.write(await packLines(index.map((line) => JSON.stringify(line))));
        await options.write(encodeFooter(indexOffset));
      });
      if (failure) throw failure.error;
    },
  };
}

function headOf({ settings, recordedAt, generatorVersion }: RecordOptions): CaptureHead {
  return { format: CAPTURE_FORMAT, version: CAPTURE_VERSION, recordedAt, generatorVersion, ...settings };
}

function failureLine(name: AnswerName, { kind, message }: QueryError): string {
  return JSON.stringify({
    ...name,
    error: { kind, message: withoutAddresses(message) },
  } satisfies AnswerHead);
}

/** Messages name the server and the servers behind it, which the people who receive a capture need not know. */
function withoutAddresses(text: string): string {
  return text
    .replace(/https?:\/\/[^\s"'<>()]+/gi, '[address]')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]');
}
