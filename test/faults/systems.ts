/** What is behind the proxies: a Prometheus with the recorded day of three nodes, and an S3 with conditional writes. */
import { type Answer, forward, type Handler, type Request } from '../services/faulty-proxy.ts';

/** Nodes of the recorded day that are left out, so that a report takes a fraction of a second. */
const LEFT_OUT = /worker-(?:01|04|05|06|07|08|09|10|11|12)\b/;

type Entry = { metric: Record<string, string> };

/** Returns a handler that passes each query to the capture server once and answers without the nodes left out. */
export function smallCluster(url: string): Handler {
  const handle = forward(url);
  const known = new Map<string, Promise<Answer>>();
  return (request) => {
    const [path = '', search = ''] = request.path.split('?');
    // The client falls back to GET when it is refused.
    const form = request.method === 'GET' ? search : request.body.toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer =
      known.get(form) ??
      handle({ method: 'POST', path, headers, body: Buffer.from(form) }).then((whole) => reduce(whole, form));
    known.set(form, answer);
    return answer;
  };
}

function reduce(answer: Answer, form: string): Answer {
  if (answer.status !== 200) return answer;
  const parsed = JSON.parse(answer.body.toString());
  const result = (parsed.data.result as Entry[]).filter(
    ({ metric }) => !Object.values(metric).some((value) => LEFT_OUT.test(value)),
  );
  const whole = JSON.stringify({ ...parsed, data: { ...parsed.data, result } });
  const query = new URLSearchParams(form).get('query') ?? '';
  const isNumberOfAgents = query.includes('daemonset_status_desired') && !query.includes('up{');
  const body = Buffer.from(isNumberOfAgents ? whole.replaceAll('"12"', '"3"') : whole);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/**
 * Returns a handler that passes requests to an S3 server and checks the conditions of puts, which emulators ignore. Puts
 * are handled one after the other, as S3 does for one key.
 */
export function withConditions(url: string): Handler {
  const handle = forward(url);
  let last: Promise<unknown> = Promise.resolve();
  const put = async (request: Request): Promise<Answer> => {
    const { 'if-none-match': absent, 'if-match': tag } = request.headers;
    if (absent !== undefined || tag !== undefined) {
      const { host, authorization } = request.headers;
      const path = request.path.split('?')[0] ?? '';
      const known = await handle({ method: 'HEAD', path, headers: { host, authorization }, body: EMPTY });
      if (tag !== undefined && known.status === 404) return refuse(404, 'NoSuchKey');
      if (absent !== undefined ? known.status !== 404 : unquoted(known.headers.etag) !== unquoted(tag))
        return refuse(412, 'PreconditionFailed');
    }
    return handle(request);
  };
  return (request) => {
    if (request.method !== 'PUT') return handle(request);
    const answer = last.then(() => put(request));
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** Returns a handler that passes requests to an emulator of SES, and adds the request id that every answer of AWS has. */
export function withRequestId(url: string): Handler {
  const handle = forward(url);
  return async (request) => {
    const answer = await handle(request);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': '7c0f2b6e-faults' } };
  };
}

const EMPTY = Buffer.alloc(0);

/** S3 accepts tags with and without quotation marks. */
const unquoted = (tag: string | undefined) => tag?.replaceAll('"', '');

function refuse(status: number, code: string): Answer {
  const body = Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
