import { UserError } from '../../model/user-error.ts';

export type PrintErrorKind =
  /** Nothing to run at the path given. */
  | 'missing'
  /** The bundled Chromium cannot be written to the temporary folder. */
  | 'unpack'
  /** It is there and does not start. */
  | 'start'
  /** It ended or its page crashed while it printed. */
  | 'crashed'
  /** It refused to print. */
  | 'failed'
  | 'timeout'
  /** The caller gave up. */
  | 'aborted';

/** There is no PDF. The message is one line. */
export class PrintError extends UserError {
  override readonly name = 'PrintError';
  readonly kind: PrintErrorKind;

  constructor(kind: PrintErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
