import type { Config } from '../../src/config/file.ts';
import { signInOf } from '../../src/config/sign-in.ts';
import { openSecretSources } from '../../src/connect/secrets.ts';
import { openGate } from '../../src/connect/sign-in.ts';
import type { Gate } from '../../src/service/sign-in/gate.ts';

let opening: Promise<Gate> | undefined;

/**
 * What decides who uses the pages of the deployment where people sign in, kept between invocations. Load this module only
 * where the configuration has signIn, as it takes longer to load than the rest of the API.
 */
export function deployedGate(config: Config, onError: (error: unknown) => void): Promise<Gate> {
  opening ??= open(config, onError).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

function open({ file, name }: Config, onError: (error: unknown) => void): Promise<Gate> {
  const settings = signInOf(file);
  if (settings === null) throw new RangeError(`${name} has no signIn`);
  const authorization = file.aws?.authorization;
  const jwt = typeof authorization === 'object' ? authorization.jwt : undefined;
  return openGate({
    settings,
    // The same tokens that the gateway accepts without signIn.
    tokens: jwt ? { config: jwt, key: 'aws.authorization.jwt', fetch } : null,
    secrets: openSecretSources(process.env),
    fetch,
    onError,
  });
}
