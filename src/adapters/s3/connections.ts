import type { Agent } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { describeFailure } from './errors.ts';

/**
 * Makes the SDK repeat a request that lost its connection on a new one. A function that was frozen, or a program that was
 * idle, may have a connection for each file that it stored at once, and a NAT gateway forgets all of them without notice
 * after 350 s ("NAT gateway basics" in the guide of Amazon VPC). Otherwise each of the SDK's tries takes another of them.
 */
export function retryOnNewConnections(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        if (describeFailure(error).status === 0) closeIdleConnections(client);
        throw error;
      }
    },
    // Runs for each try: the SDK repeats what has a higher priority in this step.
    { step: 'finalizeRequest', priority: 'low', name: 'retryOnNewConnections' },
  );
}

/** What the SDK's handler has for Node, and not for browsers. */
type NodeHandler = { httpHandlerConfigs?(): { httpAgent?: Agent; httpsAgent?: Agent } };

function closeIdleConnections({ config }: S3Client): void {
  const { httpAgent, httpsAgent } = (config.requestHandler as NodeHandler).httpHandlerConfigs?.() ?? {};
  for (const agent of [httpAgent, httpsAgent])
    for (const socket of Object.values(agent?.freeSockets ?? {}).flat()) socket?.destroy();
}
