/** The meaning of the command's exit codes. */
export const EXIT = {
  done: 0,
  /** No report could be made or written, or the report found no Antrea metrics. */
  failed: 1,
  /** An option or a key of the configuration must be corrected. */
  usage: 2,
  /** The report was made, and its verdict is at least as bad as --fail-on; or the second of two reports is worse. */
  failOn: 3,
  /** Interrupted from the keyboard: 128 + SIGINT, the convention of shells. */
  interrupted: 130,
} as const;
