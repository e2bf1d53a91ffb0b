/**
 * AWS in this process, which records every request: emulators of S3, SQS and SES behind a proxy. SSM, Secrets Manager, STS
 * and Prometheus, with or without signatures, are small fakes: their answers only let the functions go on.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { AwsRequest } from '../fixtures/needed-permissions.ts';
import { type Answer, forward, type Handler, type Request } from './faulty-proxy.ts';
import { startQueue } from './queue.ts';
import { startSes } from './ses.ts';

export type SignedRequest = AwsRequest & {
  /** The access key of the signature. */
  signer: string;
};

export type RecordedAws = {
  endpoint: string;
  queueUrl: string;
  deadLetterQueueUrl: string;
  /** Oldest first. */
  requests: SignedRequest[];
  stop(): Promise<void>;
};

const BUCKET_REGION = 'us-east-1';

/** @param isLost the client gets no answer to the first request that fits, which is handled */
export async function startRecordedAws(
  bucket: string,
  isLost: (request: SignedRequest) => boolean,
): Promise<RecordedAws> {
  const [queue, ses] = await Promise.all([startQueue(), startSes()]);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({
    endpoint: queue.endpoint,
    region: BUCKET_REGION,
    credentials,
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  s3.destroy();
  const handlers: Readonly<Record<string, Handler>> = {
    s3: withConditions(forward(queue.endpoint)),
    sqs: forward(queue.endpoint),
    ses: forward(ses.endpoint),
    ssm: async ({ body }) => {
      // The address of a channel must be one; without a signature, this server answers it as Prometheus would.
      const { Name } = JSON.parse(body.toString());
      const Value = Name.endsWith('/url')
        ? `${endpoint}/channel`
        : Name.includes('key')
          ? 'a key of at least thirty-two bytes'
          : 's3cret';
      return jsonAnswer({ Parameter: { Name: '/x', Type: 'SecureString', Value } });
    },
    // Cluster two of aws.yaml names no key of its secret, so its reports fail.
    secretsmanager: async () => jsonAnswer({ Name: 'x', SecretString: '{"name":"s3cret"}' }),
    sts: async () => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: Buffer.from(ASSUMED_ROLE),
    }),
    aps: async (request) => emptyPrometheus(request),
  };
  const requests: SignedRequest[] = [];
  let lost: SignedRequest | undefined;
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = await buffer(incoming);
    const url = new URL(path, 'http://aws.invalid');
    const credential =
      /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? url.searchParams.get('X-Amz-Credential');
    const [signer = '', , region = '', service = ''] = credential?.split('/') ?? [];
    const handler = credential ? handlers[service] : async (request: Request) => emptyPrometheus(request);
    if (!handler) throw new Error(`there is no fake of ${service}`);
    const answer = await handler({ method, path, headers, body });
    const request = { signer, service, region, method, url, headers, body, status: answer.status };
    if (credential) requests.push(request);
    if (isLost(request)) lost ??= request;
    if (lost === request) incoming.socket.destroy();
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, outgoing) => {
    take(incoming, outgoing).catch((error) => outgoing.writeHead(501).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    queueUrl: endpoint + new URL(queue.queueUrl).pathname,
    deadLetterQueueUrl: endpoint + new URL(queue.deadLetterQueueUrl).pathname,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await Promise.all([queue.stop(), ses.stop()]);
    },
  };
}

/** fauxqs ignores If-None-Match. */
function withConditions(handler: Handler): Handler {
  const stored = new Set<string>();
  return async (request) => {
    if (request.method !== 'PUT') return handler(request);
    const [key = ''] = request.path.split('?');
    if (request.headers['if-none-match'] === '*' && stored.has(key))
      return {
        status: 412,
        headers: {},
        body: Buffer.from('<Error><Code>PreconditionFailed</Code></Error>'),
      };
    stored.add(key);
    return handler(request);
  };
}

const jsonAnswer = (content: object): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(content)),
});

/** A Prometheus that has no series. */
function emptyPrometheus({ path, body }: Request): Answer {
  if (!/\/query(?:_range)?$/.test(path)) return jsonAnswer({ status: 'success', data: [] });
  const resultType = new URLSearchParams(body.toString()).has('step') ? 'matrix' : 'vector';
  return jsonAnswer({ status: 'success', data: { resultType, result: [] } });
}

const ASSUMED_ROLE = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>AssumedRole</AccessKeyId><SecretAccessKey>s3cret</SecretAccessKey><SessionToken>s3cret</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
