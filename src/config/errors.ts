import { UserError } from '../report/model/user-error.ts';

/** Something that the user wrote is wrong; the message names the key or option to change. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, isUsage: true });
  }
}

/** Returns the result of `work`; when it throws a ConfigError, adds its message to `problems` and returns `otherwise`. */
export function noting<T>(problems: string[], work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(error.message);
    return otherwise;
  }
}
