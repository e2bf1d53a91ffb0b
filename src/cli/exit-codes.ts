/** What the command's exit code says. */
export const EXIT = {
  done: 0,
  /** The report could not be made: no Prometheus, nothing answered, nowhere to write. Or it was, and saw no target. */
  failed: 1,
  /** Wrong usage: an option or a key of the configuration. */
  usage: 2,
  /** The report was made, and it is as bad as --fail-on names. */
  failOn: 3,
  /** Interrupted from the keyboard, as shells have it: 128 + SIGINT. */
  interrupted: 130,
} as const;
