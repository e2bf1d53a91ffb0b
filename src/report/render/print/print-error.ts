import { UserError } from '../../model/user-error.ts';

export type PrintErrorKind =
  /** There is no program at the configured path. */
  | 'missing'
  /** The bundled Chromium cannot be written to the temporary folder. */
  | 'unpack'
  /** Chromium exists but does not start. */
  | 'start'
  /** Chromium ended, or its page crashed, while printing. */
  | 'crashed'
  /** Chromium returned an error. */
  | 'failed'
  | 'timeout'
  /** The caller cancelled. */
  | 'aborted';

/** Printing failed. The message is one line. */
export class PrintError extends UserError {
  override readonly name = 'PrintError';
  readonly kind: PrintErrorKind;

  constructor(kind: PrintErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Returns the result of `work`, or rejects with a PrintError after this time: "<message> in 30 s". */
export function withTimeout<T>(
  milliseconds: number,
  work: Promise<T>,
  message = 'Chromium did not finish',
): Promise<T> {
  return new Promise((resolve, reject) => {
    const error = new PrintError('timeout', `${message} in ${Math.round(milliseconds / 1000)} s`);
    const timer = setTimeout(() => reject(error), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
