/** Something that the user wrote is wrong. The message is one line and names the key or option to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A secret cannot be had now, but may be had later: its store is out of reach or too busy. One line that names the key. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
