import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Credentials, openCredentials } from './credentials.ts';

/** A request to sign. No byte of the body may change after signing. */
export type SignableRequest = {
  method: string;
  /** An absolute URL. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
};

export type SignerOptions = {
  /** The region of the workspace, such as "eu-central-1"; AWS refuses a signature for another region. */
  region: string;
  /** The service's name in signatures; "aps", Amazon Managed Service for Prometheus, when absent. */
  service?: string | undefined;
  /** The ARN of a role to assume, for workspaces of another account. */
  roleArn?: string | undefined;
  /** Replaces the SDK's credential providers; its errors are passed on. */
  credentials?: (() => Promise<Credentials>) | undefined;
  /** The clock. AWS refuses a signature whose time is more than five minutes off. */
  now?: (() => Date) | undefined;
};

/**
 * Returns a function that signs a request with AWS Signature Version 4. It returns the headers to add to the request:
 * `authorization`, `x-amz-date` and, for temporary credentials, `x-amz-security-token`. All of them are secret. It
 * throws CredentialsError.
 */
export function openSigner(
  options: SignerOptions,
): (request: SignableRequest) => Promise<Record<string, string>> {
  const { region, service = 'aps', roleArn, now = () => new Date() } = options;
  const credentials = options.credentials ?? openCredentials({ roleArn });
  const signer = new SignatureV4({
    region,
    service,
    credentials,
    sha256: Sha256 as unknown as Sha256Constructor,
    // The signature covers the hash of the body. Only S3 requires a header that repeats the hash.
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
    return Object.fromEntries(
      Object.entries(signed.headers).filter(([name]) => ADDED_HEADERS.includes(name)),
    );
  };
}

const ADDED_HEADERS = ['authorization', 'x-amz-date', 'x-amz-security-token'];

/**
 * Returns the headers that AWS requires to be signed (host, content-type and x-amz-*) and no others: a proxy may
 * rewrite other headers, and characters outside ASCII are sent as other bytes than those that would be signed.
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

/** The constructor that the signer calls: SHA-256 or, with a key, HMAC-SHA-256. */
function Sha256(key?: string | Uint8Array) {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return { update: (data: Uint8Array) => void hash.update(data), digest: async () => hash.digest() };
}

/**
 * Returns the region in the address of a workspace: `https://aps-workspaces.<region>.amazonaws.com/workspaces/…`, also
 * with `-fips`, of a VPC endpoint, or in China; `undefined` for other addresses.
 */
export function regionOfWorkspace(url: string): string | undefined {
  return WORKSPACES_HOST.exec(new URL(url).hostname)?.[1];
}

const WORKSPACES_HOST =
  /(?:^|\.)aps-workspaces(?:-fips)?\.([a-z]{2,}(?:-[a-z0-9]+)+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
