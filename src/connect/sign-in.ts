import type { TokenConfig } from '../adapters/oidc/tokens.ts';
import { readSecret, type SecretSources } from '../adapters/secrets/secrets.ts';
import type { SignInSettings } from '../config/sign-in.ts';
import type { Gate } from '../service/sign-in/gate.ts';
import { checkSecrets } from '../service/sign-in/seal.ts';
import { clustersOfClaim } from '../service/sign-in/session.ts';
import { CALLBACK_PATH, openSignIn } from '../service/sign-in/sign-in.ts';

export type GateOptions = {
  settings: SignInSettings;
  /** The tokens of programs; null when programs have no access. */
  tokens: { config: TokenConfig; key: string; fetch: typeof fetch } | null;
  secrets: SecretSources;
  /** How to reach the issuer. */
  fetch: typeof fetch;
  onError: (error: unknown) => void;
};

/**
 * Opens what decides who uses the service where people sign in. Secrets are read again when they are used.
 * @throws UserError that names the key of the configuration
 */
export async function openGate(options: GateOptions): Promise<Gate> {
  const { settings, secrets, fetch, onError } = options;
  const { openProvider } = await import('../adapters/oidc/provider.ts');
  const { clientSecret, sessionKeys } = settings;
  const readSecrets = () =>
    Promise.all(sessionKeys.map((key, index) => readSecret(key, secrets, `signIn.sessionKeys.${index}`)));
  const readClientSecret = async () =>
    clientSecret && readSecret(clientSecret, secrets, 'signIn.clientSecret');
  // People would otherwise be the first to notice.
  checkSecrets(await readSecrets());
  await readClientSecret();
  const now = () => new Date();
  const redirectUri = `${settings.address}${CALLBACK_PATH}`;
  const provider = openProvider({ settings, redirectUri, readClientSecret, fetch, now });
  return {
    signIn: openSignIn({ settings, provider, readSecrets, now, onError }),
    readToken: await openTokenReader(options),
    origin: new URL(settings.address).origin,
  };
}

/**
 * People can get tokens of the issuer that they sign in with, so the same groups limit what these let them see. Tokens of
 * another issuer are those of programs.
 */
async function openTokenReader({ settings, tokens }: GateOptions): Promise<Gate['readToken']> {
  if (tokens === null) return null;
  const { openTokens } = await import('../adapters/oidc/tokens.ts');
  const readToken = openTokens(tokens.config, tokens.key, tokens.fetch);
  const withoutSlash = (issuer: string) => issuer.replace(/\/+$/, '');
  const groups =
    withoutSlash(tokens.config.issuer) === withoutSlash(settings.issuer) ? settings.groups : undefined;
  return async (authorization) => {
    const read = await readToken(authorization);
    if ('refused' in read) return read;
    const { claims } = read;
    return { user: claims.sub ?? '', clusters: clustersOfClaim(groups && claims[groups.claim], groups) };
  };
}
