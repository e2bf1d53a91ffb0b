import { SendError } from '../../service/digest/outcome.ts';
import type { PostTarget } from './target.ts';

/** Posts JSON to a channel, and explains failures without its address, which is secret. */

export type PostAnswer = {
  status: number;
  /** What the server said, at most 64 KiB of it; null if the rest of the answer was lost. */
  text: string | null;
  /** The pause that the server asked for. */
  waitMilliseconds: number | undefined;
};

export type PostRequest = { body: string; headers?: Readonly<Record<string, string>>; signal: AbortSignal };

/** Short enough for a second attempt within the 30 s that a digest has for a channel (service/digest/send.ts). */
const TIMEOUT_MILLISECONDS = 10_000;
/** Answers of channels have some hundred bytes; pages of proxies are not shown. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/**
 * Returns the answer, whatever its status.
 * @throws SendError if there is none
 */
export async function post(
  { url }: PostTarget,
  { body, headers = {}, signal }: PostRequest,
): Promise<PostAnswer> {
  const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  try {
    // Node's fetch rather than that of undici, which is not in the package of the function email-digest. It follows no
    // redirects: they lead to login pages, and a message must not be sent to another server.
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'user-agent': 'antrea-health-report',
        'content-type': 'application/json; charset=utf-8',
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    return {
      status: response.status,
      text: await readText(response).catch(() => null),
      waitMilliseconds: readWait(response.headers),
    };
  } catch (error) {
    throw explainSilence(error);
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * Headers with a pause in seconds: Retry-After (RFC 9110, 10.2.3), and that of Feishu
 * (https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control).
 */
const WAIT_HEADERS = ['retry-after', 'x-ogw-ratelimit-reset'];

function readWait(headers: Headers): number | undefined {
  const [seconds] = WAIT_HEADERS.map((name) => headers.get(name) ?? '').filter((text) =>
    /^\d{1,6}$/.test(text),
  );
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Errors of Node and undici before the request was sent. */
const UNREACHED =
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/;
/** Node's names for untrusted certificates, which are OpenSSL's X509 errors. */
const CERTIFICATE = /CERT|SELF_SIGNED|^UNABLE_TO_|ALTNAME|^HOSTNAME_MISMATCH$|^INVALID_CA$/;
/** OpenSSL received bytes that are not TLS. */
const NOT_TLS = /^(?:ERR_SSL_|EPROTO$)/;

/** The texts of these errors can contain the address, so only their code is shown. */
function explainSilence(error: unknown): SendError {
  const code = readCode(error);
  if (/^ENOTFOUND$/.test(code))
    return new SendError(`its server cannot be found (${code}); check its address`, { retry: false });
  if (CERTIFICATE.test(code))
    return new SendError(`the certificate of its server is not trusted (${code}); check its address`, {
      retry: false,
    });
  if (NOT_TLS.test(code))
    return new SendError(`its server does not answer with TLS (${code}); check its address`, {
      retry: false,
    });
  if (UNREACHED.test(code) || code === 'EAI_AGAIN')
    return new SendError(`its server cannot be reached (${code}); check the network`, { retry: true });
  return new SendError(`its server gave no answer (${code}); the message may have arrived`, {
    ...{ retry: true, mayHaveArrived: true },
  });
}

function readCode(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as {
    code?: unknown;
    name?: string;
    cause?: { code?: unknown };
  };
  for (const one of [cause?.code, code]) if (typeof one === 'string' && /^[A-Z_0-9]+$/.test(one)) return one;
  return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'network error';
}
