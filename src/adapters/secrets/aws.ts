import { UserError } from '../../report/model/user-error.ts';
import { cached } from '../aws/cached.ts';
import { credentialsAdvice, type Fault, faultOf } from '../aws/errors.ts';

/**
 * Where AWS keeps secrets. Both functions answer with the current value and throw UserError; what they answer is
 * secret, what they throw is not.
 */
export type SecretStores = {
  /** A parameter of Systems Manager's Parameter Store, decrypted, by its path or ARN. */
  parameter(name: string): Promise<string>;
  /** A secret of Secrets Manager, by its name or ARN. */
  secret(name: string): Promise<string>;
};

export type SecretStoresOptions = {
  /** Of names that are not ARNs; the SDK's usual places name it otherwise. */
  region?: string | undefined;
  /** Where to ask instead of AWS, as whom and how often, in tests. */
  client?: {
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts?: number;
  };
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
};

/** Short enough for a rotated secret, long enough that a function at work does not ask for every report. */
const KEPT_MILLISECONDS = 5 * 60_000;

/** Many reports begin at once, and Parameter Store answers forty questions a second unless told otherwise. */
const TRIES = 6;

type Client = {
  /** The current value of one name; `undefined` when it is not text. */
  ask: (name: string) => Promise<string | undefined>;
  /** Where it asks. */
  region: () => Promise<string>;
};

type Kind = {
  one: string;
  store: string;
  permission: string;
  open: (options: SecretStoresOptions) => Promise<Client>;
};

/** Opens both stores. The SDK is loaded, and credentials are looked for, when the first secret is wanted. */
export function openSecretStores(options: SecretStoresOptions = {}): SecretStores {
  return { parameter: openStore(PARAMETER, options), secret: openStore(SECRET, options) };
}

function openStore(kind: Kind, options: SecretStoresOptions): (name: string) => Promise<string> {
  const now = options.now ?? Date.now;
  // A client looks for credentials, which takes a while: one for each region, not for each secret.
  const clients = new Map<string | undefined, Promise<Client>>();
  const clientOf = (region: string | undefined): Promise<Client> => {
    const client = clients.get(region) ?? kind.open({ ...options, ...(region ? { region } : {}) });
    clients.set(region, client);
    return client;
  };
  const known = new Map<string, () => Promise<string>>();
  return (name) => {
    // An ARN says where it is, which may not be where the program runs.
    const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(name)?.[1] ?? options.region;
    const lookUp =
      known.get(name) ??
      cached(
        async () => read(await clientOf(region), kind, name),
        () => now() + KEPT_MILLISECONDS,
        now,
      );
    known.set(name, lookUp);
    return lookUp();
  };
}

async function read({ ask, region }: Client, kind: Kind, name: string): Promise<string> {
  const value = await ask(name).catch(async (error: unknown) => {
    throw failureOf(error, kind, name, await region().catch(() => undefined));
  });
  if (value === undefined) throw new UserError(`the ${kind.one} ${name} holds bytes; it must hold text`);
  return value;
}

const PARAMETER: Kind = {
  one: 'parameter',
  store: 'Parameter Store',
  permission: 'ssm:GetParameter',
  async open(options) {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(clientOptions(options));
    return {
      ask: async (name) => {
        const { Parameter } = await client.send(
          new GetParameterCommand({ Name: name, WithDecryption: true }),
        );
        return Parameter?.Value;
      },
      region: client.config.region,
    };
  },
};

const SECRET: Kind = {
  one: 'secret',
  store: 'Secrets Manager',
  permission: 'secretsmanager:GetSecretValue',
  async open(options) {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient(clientOptions(options));
    return {
      ask: async (name) => (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString,
      region: client.config.region,
    };
  },
};

function clientOptions({ region, client }: SecretStoresOptions) {
  return {
    maxAttempts: TRIES,
    // Without limits of its own the SDK waits for as long as the network does.
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...client,
  };
}

function failureOf(
  error: unknown,
  { one, store, permission }: Kind,
  name: string,
  region: string | undefined,
): UserError {
  if (region === undefined)
    return new UserError(`the region of the ${one} ${name} is not known; set AWS_REGION, or give its ARN`);
  const advice = credentialsAdvice(error);
  if (advice !== undefined) return new UserError(`cannot read the ${one} ${name}: ${advice}`);
  const fault = faultOf(error);
  if (NOT_FOUND.includes(fault.name))
    return new UserError(`there is no ${one} ${name} in ${store} in ${region}; check its name and region`);
  if (DENIED.includes(fault.name))
    return new UserError(
      `access to the ${one} ${name} is denied; allow ${permission} on it, and kms:Decrypt on its key`,
    );
  const retry = isTemporary(fault);
  return new UserError(
    `${store} does not return the ${one} ${name} (${fault.name}); ${retry ? 'check the connection, or try again' : 'check it in the AWS console'}`,
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

function isTemporary({ name, status }: Fault): boolean {
  return (
    status === undefined ||
    status === 429 ||
    status >= 500 ||
    /thrott|TooManyRequests|LimitExceeded/i.test(name)
  );
}
