/** Makes time pass differently in this process: pauses are short, and the clock can jump. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

export type Clock = {
  /** Moves the clock by seconds. */
  jump(seconds: number): void;
  /** Sets the clock to a time. */
  set(time: Date): void;
  /** Undoes everything. */
  restore(): void;
};

/** The pauses before retries take this part of their time. Time limits are not pauses and keep their length. */
const SHARE_OF_PAUSES = 1 / 100;

/** Replaces the clock and the pauses of this process. */
export function replaceTime(): Clock {
  const RealDate = Date;
  const realPause = timers.setTimeout;
  let ahead = 0;
  const now = () => RealDate.now() + ahead;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  timers.setTimeout = ((milliseconds = 0, ...rest: [never?, never?]) =>
    realPause(milliseconds * SHARE_OF_PAUSES, ...rest)) as typeof realPause;
  syncBuiltinESMExports();
  return {
    jump(seconds) {
      ahead += seconds * 1000;
    },
    set(time) {
      ahead = time.getTime() - RealDate.now();
    },
    restore() {
      globalThis.Date = RealDate;
      timers.setTimeout = realPause;
      syncBuiltinESMExports();
    },
  };
}
