import { oneLine } from './visible-text.ts';

export type UserErrorOptions = ErrorOptions & {
  isUsage?: boolean | undefined;
  retry?: boolean | undefined;
};

/**
 * A failure that its reader can act on. The message names what to change and holds no secret; it becomes one line without
 * control characters. Any other error is a mistake in the program and shows its stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** Whether an option or a key of the configuration must be corrected; the command then exits with 2, else with 1. */
  readonly isUsage: boolean;
  /** Whether the same may succeed later with nothing changed, so that a job goes back to its queue. */
  readonly retry: boolean;

  constructor(message: string, { isUsage = false, retry = false, ...options }: UserErrorOptions = {}) {
    super(oneLine(message), options);
    this.isUsage = isUsage;
    this.retry = retry;
  }
}
