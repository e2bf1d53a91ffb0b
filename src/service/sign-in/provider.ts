import { UserError } from '../../report/model/user-error.ts';

/** The port for the OpenID Connect issuer that people sign in with. */

/** What only the browser that began to sign in may present when it returns. */
export type Attempt = { state: string; nonce: string; verifier: string };

/** Claims about the person, of the ID token and of UserInfo. */
export type Claims = Readonly<Record<string, unknown>> & { sub: string };

/** All functions reject with a SignInError. */
export type Provider = {
  /** Returns an attempt to sign in, and the address of the issuer's login for it. */
  begin(): Promise<{ address: string; attempt: Attempt }>;
  /** Exchanges what the issuer sent the browser back with for the claims about the person. */
  finish(query: Readonly<Record<string, string | undefined>>, attempt: Attempt): Promise<Claims>;
  /**
   * Returns the address at which a browser signs out of the issuer; null if the issuer has none.
   * @param returnTo where the issuer sends the browser afterwards
   */
  signOutAddress(returnTo: string): Promise<string | null>;
};

/**
 * Why a person cannot sign in:
 * - `denied`: the issuer or the person refused;
 * - `expired`: the attempt is over, was used, or belongs to another browser;
 * - `unavailable`: the issuer does not answer;
 * - `refused`: the issuer or this service is not set up correctly.
 */
export type SignInProblem = 'denied' | 'expired' | 'unavailable' | 'refused';

/** The message is for the log. It has no text of the issuer, and the error has no cause: both can contain tokens. */
export class SignInError extends UserError {
  override readonly name = 'SignInError';
  readonly problem: SignInProblem;

  constructor(problem: SignInProblem, message: string) {
    super(message, { retry: problem === 'unavailable' });
    this.problem = problem;
  }
}
