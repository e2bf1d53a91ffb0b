import { oneLine } from '../../service/digest/mail/text.ts';
import { SendError } from '../../service/digest/outcome.ts';
import { hideSecrets } from '../secrets/hide.ts';
import type { PostAnswer } from './post.ts';
import type { PostTarget } from './target.ts';

/** Characters of what a server says in an error. */
const LONGEST_QUOTE = 200;

/** Returns what a server said in one line, without secrets and markup. */
export function quoteAnswer(text: string, { secrets }: Pick<PostTarget, 'secrets'>): string {
  return oneLine(hideSecrets(text, secrets).replace(/<[^>]*>/g, ' '), LONGEST_QUOTE);
}

/** @throws SendError unless the status is one of success */
export function checkStatus(
  { status, text, waitMilliseconds }: PostAnswer,
  target: Pick<PostTarget, 'secrets'>,
  advice = 'check its address',
): void {
  if (status >= 200 && status < 300) return;
  const said = text?.trim() ? `: ${quoteAnswer(text, target)}` : '';
  if (status === 429)
    throw new SendError(`its server gets too many messages (429${said}); try again later`, {
      ...{ retry: true, waitMilliseconds },
    });
  if (status >= 500 || status === 408)
    throw new SendError(`its server fails (${status}${said}); try again later`, {
      // A server that says it is unavailable has not taken the message; one that fails may have.
      ...{ retry: true, mayHaveArrived: status !== 503, waitMilliseconds },
    });
  if (status >= 300 && status < 400)
    throw new SendError(`its server redirects (${status}); ${advice}`, { retry: false });
  throw new SendError(`its server refused the message (${status}${said}); ${advice}`, { retry: false });
}

/** What the codes of a robot's answers mean. */
export type AnswerCodes = {
  /** The names of the field with the code and of the field with the text. The first pair that is there counts. */
  fields: readonly (readonly [code: string, text: string])[];
  /** Codes after which the same message may be accepted later. */
  passing: readonly number[];
  /** What to change, by code. */
  advice: Readonly<Record<number, string>>;
};

/**
 * Checks the answer of a robot, which answers with the status 200 also when it refuses a message.
 * @throws SendError unless its code is 0
 */
export function checkCode(answer: PostAnswer, target: Pick<PostTarget, 'secrets'>, codes: AnswerCodes): void {
  const found = readCode(answer.text, codes);
  if (found === null) {
    checkStatus(answer, target);
    throw new SendError(
      'its server gave an answer that cannot be read; the message may have arrived; check its address',
      { retry: true, mayHaveArrived: true },
    );
  }
  const { code, text } = found;
  if (code === 0) return;
  const said = `${code}${text === '' ? '' : `: ${quoteAnswer(text, target)}`}`;
  if (codes.passing.includes(code) || answer.status === 429)
    throw new SendError(`its server does not accept messages now (${said}); try again later`, {
      ...{ retry: true, waitMilliseconds: answer.waitMilliseconds },
    });
  const advice = codes.advice[code] ?? 'check its address';
  throw new SendError(`its server refused the message (${said}); ${advice}`, { retry: false });
}

function readCode(text: string | null, { fields }: AnswerCodes): { code: number; text: string } | null {
  const answer = parseObject(text ?? '');
  for (const [code, message] of fields) {
    const { [code]: value, [message]: said } = answer;
    if (typeof value === 'number') return { code: value, text: typeof said === 'string' ? said : '' };
  }
  return null;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
