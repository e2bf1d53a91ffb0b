/** What happens in one run: a pure function of the seed, so that a failed run can be repeated and read. */
import { type Random, random } from '../simulation/random.ts';

/** What a proxy does to one HTTP request. */
export type HttpFault =
  | { do: 'delay'; milliseconds: number }
  /** The connection ends before the request is handled, after it, or in the middle of the answer. */
  | { do: 'cut'; when: 'before' | 'after' | 'half-way' }
  /** One byte of the answer arrives changed. */
  | { do: 'corrupt' }
  /** The server does not handle the request. The answer repeats the request's headers and address, as some proxies do. */
  | { do: 'answer'; status: number; retryAfterSeconds?: number }
  /** The answer arrives in small pieces. */
  | { do: 'drip' }
  /** Half of the answer arrives, and then nothing. */
  | { do: 'stall' };

export type SmtpFault =
  | { do: 'refuse'; step: 'greeting' | 'login' | 'sender' | 'recipient' | 'message'; status: number }
  /** The message is accepted, and the connection ends, or stays open, without an answer. */
  | { do: 'hang-up' | 'silence' };

export type HttpSystem = 'prometheus' | 's3' | 'sqs' | 'ses';

/** `from` counts the requests to a system from 1 (connections of SMTP, files on a disk); `count` of them are hit. */
type Hit = { from: number; count: number };
export type Fault = Hit &
  (
    | { system: HttpSystem; fault: HttpFault }
    | { system: 'smtp'; fault: SmtpFault }
    /** A file is written by half. */
    | { system: 'disk'; fault: { code: 'ENOSPC' | 'EIO' } }
    /** The clock jumps when this request to Prometheus arrives. */
    | { system: 'clock'; fault: { seconds: number } }
    /** The process is killed when this request arrives, or after it was handled. */
    | { system: 'process'; fault: { at: 'prometheus' | 's3'; handled: boolean } }
    /** Chromium is killed or stopped soon after its start. */
    | { system: 'chromium'; fault: { signal: 'SIGKILL' | 'SIGSTOP'; afterMilliseconds: number } }
  );

export type System = Fault['system'];

export type Plan = {
  seed: number;
  /**
   * `service`: the Lambda functions with S3, SQS and a digest. `command`: `antrea-health schedule` with a folder.
   * `killed`: the same command in a process that is killed, with S3.
   */
  setting: 'service' | 'command' | 'killed';
  /** Queries at a time. */
  concurrency: 1 | 4;
  formats: 'json' | 'html' | 'pdf';
  mail: 'ses' | 'smtp';
  /** Whether the queue delivers the job twice at the same time, as SQS may. */
  isDeliveredTwice: boolean;
  faults: Fault[];
};

/** A fault with this count does not end. */
export const FOREVER = 1_000_000;

/** Queries of a report of the recorded day. They need not be exact: a later number hits nothing. */
export const QUERIES = 188;

/** One of the last queries, for what happens just before the report is rendered. */
const LATE_QUERY = 175;

/** Seconds after which the function of a service has so little time left that a stopped Chromium is given up soon. */
const NEARLY_OVER_SECONDS = 256;

/** Returns the plan of a seed. */
export function planOf(seed: number): Plan {
  const next = random('faults', seed);
  const setting = choose<Plan['setting']>(next, [
    [80, 'service'],
    [16, 'command'],
    [4, 'killed'],
  ]);
  const plan: Plan = {
    seed,
    setting,
    concurrency: next() < 0.7 ? 1 : 4,
    formats: choose<Plan['formats']>(next, [
      [80, 'json'],
      [18, 'html'],
      [setting === 'service' ? 2 : 0, 'pdf'],
    ]),
    mail: next() < 0.5 ? 'ses' : 'smtp',
    isDeliveredTwice: false,
    faults: [],
  };
  plan.faults.push(...faultsOf(plan, next));
  plan.isDeliveredTwice = setting === 'service' && plan.formats !== 'pdf' && next() < 0.15;
  return plan;
}

function faultsOf({ setting, formats, mail }: Plan, next: Random): Fault[] {
  if (setting === 'killed') return [killing(next)];
  if (formats === 'pdf') return chromiumFaults(next);
  const systems: readonly (readonly [number, System])[] =
    setting === 'command'
      ? [
          [40, 'prometheus'],
          [40, 'disk'],
          [20, 'clock'],
        ]
      : [
          [35, 'prometheus'],
          [30, 's3'],
          [10, 'sqs'],
          [18, mail],
          [7, 'clock'],
        ];
  const count = 1 + whole(next, 4);
  return Array.from({ length: count }, () => faultOf(choose(next, systems), next));
}

function faultOf(system: System, next: Random): Fault {
  switch (system) {
    case 'prometheus':
      return { system, ...lasting(next, QUERIES, 30, httpFault(next, { stalls: 4, isLimited: true })) };
    case 's3':
      return { system, ...lasting(next, 20, 8, httpFault(next, { stalls: 4, isLimited: false })) };
    case 'sqs':
      return { system, ...lasting(next, 2, 4, httpFault(next, { stalls: 0, isLimited: false })) };
    case 'ses':
      return { system, ...lasting(next, 1, 4, httpFault(next, { stalls: 8, isLimited: false })) };
    case 'smtp':
      return { system, ...lasting(next, 1, 4, smtpFault(next)) };
    case 'disk':
      return { system, ...lasting(next, 16, 10, { code: next() < 0.8 ? 'ENOSPC' : 'EIO' } as const) };
    default:
      return {
        system: 'clock',
        from: 1 + whole(next, QUERIES),
        count: 1,
        fault: { seconds: clockJump(next) },
      };
  }
}

/** Faults that cost time end soon, so that a run takes seconds. */
const SLOW: readonly string[] = ['delay', 'drip', 'stall'];
const LONGEST_SLOW = 4;

/** Adds to a fault when it begins, often with the first request, and how long it lasts. Some do not end. */
function lasting<F extends object>(
  next: Random,
  latest: number,
  longest: number,
  fault: F,
): Hit & { fault: F } {
  const from = next() < 0.15 ? 1 : 1 + whole(next, latest);
  const count = next() < 0.2 ? FOREVER : 1 + whole(next, longest);
  const isSlow = 'do' in fault && SLOW.includes(String(fault.do));
  return { from, count: isSlow ? Math.min(count, LONGEST_SLOW) : count, fault };
}

function httpFault(next: Random, { stalls, isLimited }: { stalls: number; isLimited: boolean }): HttpFault {
  return choose<() => HttpFault>(next, [
    [12, () => ({ do: 'delay', milliseconds: 10 + whole(next, 90) })],
    [12, () => ({ do: 'cut', when: 'before' })],
    [16, () => ({ do: 'cut', when: 'after' })],
    [12, () => ({ do: 'cut', when: 'half-way' })],
    [12, () => ({ do: 'corrupt' })],
    [26, () => refusal(next, isLimited)],
    [6, () => ({ do: 'drip' })],
    [stalls, () => ({ do: 'stall' })],
  ])();
}

const STATUSES = [400, 403, 429, 500, 502, 503, 504];

function refusal(next: Random, isLimited: boolean): HttpFault {
  const status = STATUSES[whole(next, STATUSES.length)] ?? 503;
  const asksToWait = isLimited && (status === 429 || status === 503) && next() < 0.5;
  return { do: 'answer', status, ...(asksToWait && { retryAfterSeconds: 1 + whole(next, 3) }) };
}

function smtpFault(next: Random): SmtpFault {
  return choose<() => SmtpFault>(next, [
    [20, () => ({ do: 'refuse', step: 'greeting', status: next() < 0.7 ? 421 : 554 })],
    [15, () => ({ do: 'refuse', step: 'login', status: next() < 0.7 ? 454 : 535 })],
    [15, () => ({ do: 'refuse', step: 'sender', status: next() < 0.7 ? 451 : 550 })],
    [15, () => ({ do: 'refuse', step: 'recipient', status: next() < 0.7 ? 450 : 550 })],
    [15, () => ({ do: 'refuse', step: 'message', status: next() < 0.7 ? 451 : 552 })],
    [14, () => ({ do: 'hang-up' })],
    [6, () => ({ do: 'silence' })],
  ])();
}

/** Minutes, hours, days and months, in both directions. */
function clockJump(next: Random): number {
  const sizes = [60, 600, 3600, 7200, 86_400, 31 * 86_400];
  const size = sizes[whole(next, sizes.length)] ?? 60;
  return next() < 0.5 ? -size : size;
}

function killing(next: Random): Fault {
  const at = next() < 0.4 ? 'prometheus' : 's3';
  // A report with HTML takes nine requests to S3.
  const from = 1 + whole(next, at === 's3' ? 9 : QUERIES);
  return { system: 'process', from, count: 1, fault: { at, handled: next() < 0.5 } };
}

function chromiumFaults(next: Random): Fault[] {
  const isHung = next() < 0.3;
  const fault = {
    system: 'chromium',
    from: 1,
    count: next() < 0.5 ? 1 : FOREVER,
    fault: { signal: isHung ? 'SIGSTOP' : 'SIGKILL', afterMilliseconds: whole(next, 400) },
  } as const;
  if (!isHung) return [fault];
  return [fault, { system: 'clock', from: LATE_QUERY, count: 1, fault: { seconds: NEARLY_OVER_SECONDS } }];
}

/** Returns a whole number from 0 to `below` - 1. */
const whole = (next: Random, below: number): number => Math.floor(next() * below);

/** Chooses by weight. */
function choose<T>(next: Random, choices: readonly (readonly [number, T])[]): T {
  let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new RangeError('there is nothing to choose from');
}

/** Returns a plan as one line. */
export function describePlan({
  seed,
  setting,
  concurrency,
  formats,
  mail,
  isDeliveredTwice,
  faults,
}: Plan): string {
  const named = faults.map(({ system, from, count, fault }) => {
    const until = count === 1 ? '' : count >= FOREVER ? '…' : `–${from + count - 1}`;
    const details = Object.values(fault).join(' ');
    return `${system} ${from}${until} ${details}`;
  });
  return `seed ${seed}: ${setting}, ${formats}, ${concurrency} at a time, ${mail}${isDeliveredTwice ? ', delivered twice' : ''}; ${named.join('; ')}`;
}
