/**
 * A server of the Lambda Runtime API for one process of a function, from "Using the Lambda runtime API for custom runtimes"
 * in AWS's developer guide.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

const PREFIX = '/2018-06-01/runtime';

/** How the function answered an invocation. */
export type Answer = { kind: 'response'; body: unknown } | { kind: 'error'; type: string; message: string };

export type RuntimeApi = {
  /** Host and port, as AWS_LAMBDA_RUNTIME_API has them. */
  address: string;
  /** Waits until the function asks for an invocation: it has started, or is done with the last one. */
  asked(): Promise<void>;
  /** Answers that request with an event. @returns what the function answers */
  send(event: unknown, invocation: { deadline: Date; functionArn: string }): Promise<Answer>;
  /** The error of a function that does not start. */
  initError: Promise<Answer>;
  stop(): Promise<void>;
};

export async function startRuntimeApi(): Promise<RuntimeApi> {
  /** The open request for the next invocation. */
  let open = Promise.withResolvers<ServerResponse>();
  let current = { id: '', answer: Promise.withResolvers<Answer>() };
  const initError = Promise.withResolvers<Answer>();

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url } = incoming;
    if (method === 'GET' && url === `${PREFIX}/invocation/next`) {
      open.resolve(outgoing);
      return;
    }
    const body = await json(incoming);
    if (method === 'POST' && url === `${PREFIX}/init/error`) initError.resolve(errorOf(body));
    else if (method === 'POST' && url === `${PREFIX}/invocation/${current.id}/response`)
      current.answer.resolve({ kind: 'response', body });
    else if (method === 'POST' && url === `${PREFIX}/invocation/${current.id}/error`)
      current.answer.resolve(errorOf(body));
    else {
      outgoing.writeHead(403).end(`{"errorType":"InvalidRequest","errorMessage":"${method} ${url}"}`);
      return;
    }
    outgoing.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  // Lambda does not close the connection of a frozen function.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: async () => void (await open.promise),
    async send(event, { deadline, functionArn }) {
      const outgoing = await open.promise;
      open = Promise.withResolvers();
      current = { id: randomUUID(), answer: Promise.withResolvers() };
      outgoing
        .writeHead(200, {
          'Content-Type': 'application/json',
          'Lambda-Runtime-Aws-Request-Id': current.id,
          'Lambda-Runtime-Deadline-Ms': String(deadline.getTime()),
          'Lambda-Runtime-Invoked-Function-Arn': functionArn,
          'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
        })
        .end(JSON.stringify(event));
      return current.answer.promise;
    },
    initError: initError.promise,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function errorOf(body: unknown): Answer {
  const { errorType: type, errorMessage: message } = body as { errorType: string; errorMessage: string };
  return { kind: 'error', type, message };
}
