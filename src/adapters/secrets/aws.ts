import { UserError } from '../../report/model/user-error.ts';
import { cached } from '../aws/cached.ts';
import { credentialsAdvice, describeFailure, type Failure } from '../aws/errors.ts';
import type { SecretStores } from './secrets.ts';

export type SecretStoresOptions = {
  /** The region for names that are not ARNs; when absent, the SDK finds it in its environment or profile. */
  region?: string | undefined;
  /** Replaces AWS in tests. */
  client?:
    | {
        endpoint: string;
        credentials: { accessKeyId: string; secretAccessKey: string };
        maxAttempts?: number;
      }
    | undefined;
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
};

/** Short enough to notice a rotated secret, long enough that a busy function does not look secrets up for every report. */
const CACHED_MILLISECONDS = 5 * 60_000;

/** Many reports begin at the same time, and Parameter Store answers 40 requests per second by default. */
const TRIES = 6;

type Client = {
  /** Returns the current value; `undefined` when it is not text. */
  read: (name: string) => Promise<string | undefined>;
  /** Returns the region that the client asks. */
  region: () => Promise<string>;
};

/** One of AWS's two services for secrets. */
type Service = {
  name: string;
  /** What the service calls one secret. */
  noun: string;
  permission: string;
  open: (options: SecretStoresOptions) => Promise<Client>;
};

/** Opens both stores. The SDK is loaded, and credentials are looked up, when the first secret is read. */
export function openSecretStores(options: SecretStoresOptions = {}): SecretStores {
  return {
    parameter: openStore(PARAMETER_STORE, options),
    secret: openStore(SECRETS_MANAGER, options),
  };
}

function openStore(service: Service, options: SecretStoresOptions): (name: string) => Promise<string> {
  const now = options.now ?? Date.now;
  // One client per region, not per secret, because each client looks up credentials, which takes a while.
  const clients = new Map<string | undefined, Promise<Client>>();
  const clientFor = (region: string | undefined): Promise<Client> => {
    const client = clients.get(region) ?? service.open({ ...options, region });
    clients.set(region, client);
    return client;
  };
  const readers = new Map<string, () => Promise<string>>();
  return (name) => {
    // An ARN contains the secret's region, which may differ from the region that the program runs in.
    const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(name)?.[1] ?? options.region;
    const read =
      readers.get(name) ??
      cached(
        async () => readValue(await clientFor(region), service, name),
        () => now() + CACHED_MILLISECONDS,
        now,
      );
    readers.set(name, read);
    return read();
  };
}

async function readValue({ read, region }: Client, service: Service, name: string): Promise<string> {
  const value = await read(name).catch(async (error: unknown) => {
    throw toUserError(error, service, name, await region().catch(() => undefined));
  });
  if (value === undefined)
    throw new UserError(`the ${service.noun} ${name} contains bytes; it must contain text`);
  return value;
}

const PARAMETER_STORE: Service = {
  name: 'Parameter Store',
  noun: 'parameter',
  permission: 'ssm:GetParameter',
  async open(options) {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(clientOptions(options));
    return {
      read: async (name) => {
        const { Parameter } = await client.send(
          new GetParameterCommand({ Name: name, WithDecryption: true }),
        );
        return Parameter?.Value;
      },
      region: client.config.region,
    };
  },
};

const SECRETS_MANAGER: Service = {
  name: 'Secrets Manager',
  noun: 'secret',
  permission: 'secretsmanager:GetSecretValue',
  async open(options) {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient(clientOptions(options));
    return {
      read: async (name) => (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString,
      region: client.config.region,
    };
  },
};

function clientOptions({ region, client }: SecretStoresOptions) {
  return {
    maxAttempts: TRIES,
    // By default the SDK waits as long as the network does.
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(region !== undefined && { region }),
    ...client,
  };
}

function toUserError(
  error: unknown,
  { name: service, noun, permission }: Service,
  name: string,
  region: string | undefined,
): UserError {
  if (region === undefined)
    return new UserError(
      `the region of the ${noun} ${name} is not known; set AWS_REGION, or give the ARN of the ${noun}`,
    );
  const advice = credentialsAdvice(error);
  if (advice !== undefined) return new UserError(`cannot read the ${noun} ${name}: ${advice}`);
  const failure = describeFailure(error);
  if (NOT_FOUND.includes(failure.name))
    return new UserError(`there is no ${noun} ${name} in ${service} in ${region}; check its name and region`);
  if (DENIED.includes(failure.name))
    return new UserError(
      `access to the ${noun} ${name} is denied; allow ${permission} on it, and kms:Decrypt on its key`,
    );
  const retry = isTemporary(failure);
  return new UserError(
    `${service} does not return the ${noun} ${name} (${failure.name}); ${retry ? 'check the connection, or try again' : 'check it in the AWS console'}`,
    { retry },
  );
}

const NOT_FOUND = ['ParameterNotFound', 'ParameterVersionNotFound', 'ResourceNotFoundException'];
const DENIED = [
  'AccessDeniedException',
  'AccessDenied',
  'DecryptionFailure',
  'InvalidKeyId',
  'KMSAccessDeniedException',
];

function isTemporary({ name, status }: Failure): boolean {
  return (
    status === undefined ||
    status === 429 ||
    status >= 500 ||
    /thrott|TooManyRequests|LimitExceeded/i.test(name)
  );
}
