/** Something that the user wrote is wrong. The message is one line and names the key or option to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A secret cannot be had now, but may be had later: its store is out of reach or too busy. One line that names the key. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
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
