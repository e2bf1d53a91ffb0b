import type { SignInConfig } from '../adapters/oidc/schema.ts';
import { type OnProblem, throwProblem } from './errors.ts';
import { linkAddressOf } from './schedules.ts';
import type { ConfigFile } from './schema/config.ts';
import { isPrivateAddress } from './schema/private-address.ts';
import { suggestion } from './suggest.ts';

/** How people sign in, with defaults filled in. */
export type SignInSettings = Omit<SignInConfig, 'sessionHours' | 'scopes'> & {
  /** Under which people reach the service: scheme, host and path, without a slash at its end. */
  address: string;
  /** The path of the address; empty without one. */
  basePath: string;
  sessionSeconds: number;
  /** Separated by spaces, as OAuth 2.0 has them. */
  scope: string;
};

/** A working day with some overtime, so that people sign in once a day. */
const DEFAULT_SESSION_HOURS = 12;

/** Stands for all clusters. */
export const ALL_CLUSTERS = '*';

/**
 * Returns how people sign in; null when the file does not say so.
 * @throws ConfigError that names the key
 */
export function signInOf(file: ConfigFile, onProblem: OnProblem = throwProblem): SignInSettings | null {
  const { signIn } = file;
  if (signIn === undefined) return null;
  checkOthers(file, onProblem);
  checkGroups(file, onProblem);
  const address = linkAddressOf(file);
  if (address === null)
    onProblem('address: is missing; signIn needs it, because the issuer sends people back to this address');
  else if (!isPrivateAddress(address))
    onProblem('address: must be an https address, because signIn protects the cookies of people with it');
  const { sessionHours = DEFAULT_SESSION_HOURS, scopes = ['profile'], ...given } = signIn;
  return {
    ...given,
    ...partsOf(address ?? 'http://localhost', file, onProblem),
    sessionSeconds: Math.round(sessionHours * 3600),
    scope: [...new Set(['openid', ...scopes])].join(' '),
  };
}

function partsOf(
  address: string,
  { serve }: ConfigFile,
  onProblem: OnProblem,
): Pick<SignInSettings, 'address' | 'basePath'> {
  const { origin, pathname } = new URL(address);
  const basePath = pathname.replace(/\/+$/, '');
  if (serve?.basePath !== undefined && serve.basePath !== basePath)
    onProblem(`serve.basePath: is not the path of address, which is ${basePath || '/'}`);
  return { address: `${origin}${basePath}`, basePath };
}

/** Refuses other ways to authenticate that would leave signing in without effect. */
function checkOthers({ serve, aws }: ConfigFile, onProblem: OnProblem): void {
  if (serve?.authentication?.proxy !== undefined)
    onProblem(
      'serve.authentication.proxy: give either this or signIn; programs use jwt in addition to signIn',
    );
  if (aws?.authorization === 'iam')
    onProblem(
      'aws.authorization: iam refuses every browser, so nobody could sign in; leave it out, or use jwt for programs',
    );
}

function checkGroups({ signIn, clusters = [] }: ConfigFile, onProblem: OnProblem): void {
  const known = clusters.map(({ name }) => name);
  for (const [group, names] of Object.entries(signIn?.groups?.clusters ?? {}))
    for (const name of names)
      if (name !== ALL_CLUSTERS && !known.includes(name))
        onProblem(
          `signIn.groups.clusters: "${name}" (of ${group}) is not one of the clusters${suggestion(name, known)}`,
        );
}
