import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Credentials, openCredentials } from './credentials.ts';

/** A request as it will be sent. The body is signed as it is: not a byte of it may change afterwards. */
export type SignableRequest = {
  method: string;
  /** Absolute. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
};

export type SignerOptions = {
  /** "eu-central-1": a signature for another region is refused. */
  region: string;
  /** The service's name in signatures; "aps", Amazon Managed Service for Prometheus, when absent. */
  service?: string | undefined;
  /** The ARN of a role to ask as, for workspaces of another account. */
  roleArn?: string | undefined;
  /** Takes the place of the SDK's usual places; what it throws is passed on. */
  credentials?: (() => Promise<Credentials>) | undefined;
  /** The clock; AWS refuses signatures that are five minutes off. */
  now?: (() => Date) | undefined;
};

/**
 * Signs requests with AWS Signature Version 4.
 * @returns a function of a request that answers with the headers to add to it: `authorization`, `x-amz-date` and, for
 *   credentials that end, `x-amz-security-token`. All of them are secret. It throws CredentialsError.
 */
export function openSigner(
  options: SignerOptions,
): (request: SignableRequest) => Promise<Record<string, string>> {
  const { region, service = 'aps', roleArn, now = () => new Date() } = options;
  const credentials = options.credentials ?? openCredentials(roleArn === undefined ? {} : { roleArn });
  const signer = new SignatureV4({
    region,
    service,
    credentials,
    sha256: Sha256 as unknown as Sha256Constructor,
    // The hash of the body is part of the signature; a header that repeats it is for S3 only.
    applyChecksum: false,
  });
  return async ({ method, url, headers, body }) => {
    const { protocol, hostname, host, pathname, searchParams } = new URL(url);
    const signed = await signer.sign(
      {
        method,
        protocol,
        hostname,
        path: pathname,
        query: queryOf(searchParams),
        headers: { host, ...signableHeaders(headers) },
        body,
      },
      { signingDate: now() },
    );
    return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => ADDED.includes(name)));
  };
}

const ADDED = ['authorization', 'x-amz-date', 'x-amz-security-token'];

/**
 * What AWS demands (host, content-type and x-amz-*) and nothing else: a proxy may rewrite other headers, and those
 * beyond ASCII travel as other bytes than those that would be signed.
 */
function signableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-')),
  );
}

function queryOf(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].map((key) => [key, parameters.getAll(key)]));
}

type Sha256Constructor = ConstructorParameters<typeof SignatureV4>[0]['sha256'];

/** What the signer calls with `new`: SHA-256 or, with a key, HMAC-SHA-256. */
function Sha256(key?: string | Uint8Array) {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return { update: (data: Uint8Array) => void hash.update(data), digest: async () => hash.digest() };
}

/**
 * The region in the address of a workspace: `https://aps-workspaces.<region>.amazonaws.com/workspaces/…`, with `-fips`,
 * of a VPC endpoint, in China too. Nothing for other addresses.
 */
export function regionOfWorkspace(url: string): string | undefined {
  return WORKSPACES_HOST.exec(new URL(url).hostname)?.[1];
}

const WORKSPACES_HOST =
  /(?:^|\.)aps-workspaces(?:-fips)?\.([a-z]{2,}(?:-[a-z0-9]+)+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
