import { UserError } from '../report/model/user-error.ts';

/** A mistake in an option or in the configuration; the message names the option or key to change. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, isUsage: true });
  }
}

/**
 * Receives each problem of a configuration: one line that begins with the key. Functions that take it continue after a
 * problem to find the others; their result must then not be used. By default they throw at the first problem.
 */
export type OnProblem = (problem: string) => void;

/** @throws ConfigError always */
export function throwProblem(problem: string): never {
  throw new ConfigError(problem);
}

/** Returns the result of `work`. If it throws a ConfigError, reports the problem and returns `fallback`. */
export function withFallback<T>(work: () => T, fallback: T, onProblem: OnProblem): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    onProblem(error.message);
    return fallback;
  }
}
