import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { openSecretStores } from '../../src/adapters/secrets/aws.ts';
import type { SecretReference } from '../../src/adapters/secrets/schema.ts';
import { readSecret } from '../../src/adapters/secrets/secrets.ts';
import { openQueue } from '../../src/adapters/sqs/queue.ts';
import { describeObjects } from '../contract/store.ts';
import { type Moto, startMoto } from './moto.ts';

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.stop());

let buckets = 0;
describeObjects(
  'S3 of moto',
  async () => {
    const bucket = `bucket-${++buckets}`;
    const client = new S3Client({ ...moto.client, forcePathStyle: true });
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    return openS3Store({ bucket, ...moto.client });
  },
  { runs: 20 },
);

describe('secrets', () => {
  const read = (reference: SecretReference) => {
    const { region, ...client } = moto.client;
    return readSecret(
      reference,
      { environment: {}, secretStores: openSecretStores({ region, client }) },
      'prometheus.bearerToken',
    );
  };

  it('of Parameter Store are read decrypted, by path and by ARN', async () => {
    const client = new SSMClient(moto.client);
    for (const [Type, Value] of [
      ['SecureString', 'encrypted-token'],
      ['String', 'plain-token'],
    ] as const) {
      const Name = `/antrea/${Type}`;
      await client.send(new PutParameterCommand({ Name, Type, Value }));
      expect(await read({ parameter: Name })).toBe(Value);
      expect(await read({ parameter: `arn:aws:ssm:eu-central-1:123456789012:parameter${Name}` })).toBe(Value);
    }
    await expect(read({ parameter: '/antrea/absent' })).rejects.toThrow(
      'prometheus.bearerToken: there is no parameter /antrea/absent in Parameter Store in eu-central-1; check its name and region',
    );
  });

  it('of Secrets Manager are read by name and by ARN, whole or as a field', async () => {
    const client = new SecretsManagerClient(moto.client);
    const create = async (Name: string, content: { SecretString: string } | { SecretBinary: Uint8Array }) =>
      (await client.send(new CreateSecretCommand({ Name, ...content }))).ARN ?? '';
    const whole = await create('antrea/whole', { SecretString: 'the-token\n' });
    const fields = await create('antrea/fields', { SecretString: '{"token": "of a field", "port": 9090}' });
    await create('antrea/bytes', { SecretBinary: Buffer.from('bytes') });
    const deleted = await create('antrea/deleted', { SecretString: 'old' });
    await client.send(new DeleteSecretCommand({ SecretId: deleted }));

    expect(await read({ secret: 'antrea/whole' })).toBe('the-token');
    expect(await read({ secret: whole })).toBe('the-token');
    expect(await read({ secret: 'antrea/fields', key: 'token' })).toBe('of a field');
    expect(await read({ secret: fields, key: 'port' })).toBe('9090');
    for (const [reference, message] of [
      [{ secret: fields }, /is a JSON object; choose one of its fields with "key"$/],
      [{ secret: fields, key: 'absent' }, /has no field "absent" that is text or a number$/],
      [{ secret: 'antrea/bytes' }, /the secret antrea\/bytes contains bytes; it must contain text$/],
      [{ secret: deleted }, /\(InvalidRequestException\); check it in the AWS console$/],
      [
        { secret: 'antrea/absent' },
        /^prometheus\.bearerToken: there is no secret antrea\/absent in Secrets Manager/,
      ],
      [
        { secret: `${whole}x` },
        /^prometheus\.bearerToken: there is no secret arn:\S+x in Secrets Manager in eu-central-1/,
      ],
    ] as const)
      await expect(read(reference)).rejects.toThrow(message);
  });
});

describe('the queue', () => {
  it('gets every job once, and a dead letter with its reason', async () => {
    const client = new SQSClient(moto.client);
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    const queue = openQueue(QueueUrl, async () => client);
    const jobs = Array.from({ length: 23 }, (_, index) => JSON.stringify({ cluster: `生产-${index}` }));
    await queue.send(jobs);
    await queue.sendWith('{"dead": true}', { Reason: 'Prometheus 没有应答 <&>\u0000' });
    const received: string[] = [];
    let reason: string | undefined;
    for (let isEmpty = false; !isEmpty; ) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      received.push(...Messages.map(({ Body = '' }) => Body));
      for (const { MessageAttributes } of Messages) reason ??= MessageAttributes?.['Reason']?.StringValue;
      isEmpty = Messages.length === 0;
    }
    expect(received.toSorted()).toEqual(['{"dead": true}', ...jobs].toSorted());
    expect(reason).toBe('Prometheus 没有应答 <&> ');
  });

  it('that does not exist is an error of one line', async () => {
    const queue = openQueue(
      `${moto.client.endpoint}/123456789012/absent`,
      async () => new SQSClient(moto.client),
    );
    await expect(queue.send(['{}'])).rejects.toThrow(
      /^the queue refused a message \(400 \S*QueueDoesNotExist\)$/,
    );
  });
});
