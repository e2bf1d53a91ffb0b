/** Something that the user wrote is wrong. The message is one line and names the key or option to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
