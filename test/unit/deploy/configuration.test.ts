import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkForAws,
  packedConfiguration,
  readConfiguration,
  warnOfLinks,
} from '../../../deploy/aws/configuration.ts';
import { valuesOf } from '../../../deploy/aws/values.ts';
import { parseConfig } from '../../../src/config/file.ts';

const configuration = (yaml: string) => ({ ...parseConfig(yaml, 'test.yaml'), isExample: false });

const CLUSTERS = 'clusters: [{ name: berlin }, { name: shanghai }]\n';
const SIGN_IN =
  'address: https://health.example.com\nsignIn: { issuer: https://login.invalid, clientId: health, sessionKeys: [{ parameter: /key }] }';
const URL = 'prometheus: { url: https://prometheus.invalid';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-configuration-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readConfiguration', () => {
  it.each([
    [
      'prometheus: { ulr: https://prometheus.invalid }',
      ':1: prometheus.ulr: is not a known key; did you mean url?',
    ],
    ['timeZone: UTC', ': clusters: list the clusters that reports are made for'],
    [
      'clusters: [{ name: one, timeZone: Mars }]',
      ':1: timeZone: "Mars" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
    ],
    [
      `${CLUSTERS}schedules: [{ name: one, period: day, clusters: [paris] }]`,
      ': schedules.one.clusters: "paris" is not one of the clusters: berlin, shanghai',
    ],
    [
      'clusters: [{ name: one, prometheus: { caFile: none.pem } }]',
      ': prometheus.caFile: cannot read none.pem (ENOENT)',
    ],
  ])('refuses a wrong configuration with a message of one line: %s', async (yaml, message) => {
    const path = join(folder, 'wrong.yaml');
    await writeFile(path, yaml);
    await expect(readConfiguration(path)).rejects.toMatchObject({
      name: 'ConfigError',
      message: path + message,
    });
  });

  it('refuses a file that it cannot read', async () => {
    await expect(readConfiguration(join(folder, 'none.yaml'))).rejects.toThrow(
      /^config: cannot read .*ENOENT/,
    );
  });
});

describe('checkForAws and valuesOf', () => {
  it.each([
    [
      `${URL}, bearerToken: { file: /token } }`,
      'prometheus.bearerToken (of berlin): on AWS secrets come from',
    ],
    [
      `${URL}, basic: { username: reader, password: { environment: PASSWORD } } }`,
      'prometheus.basic.password (of berlin): on AWS secrets come from',
    ],
    [
      `${URL} }\nchannels: [{ name: ops, feishu: { url: { parameter: /url }, signingSecret: { file: /secret } } }]`,
      'channels.ops.feishu.signingSecret: on AWS secrets come from',
    ],
    [
      `${URL} }\nchannels: [{ name: ops, webhook: { url: { secret: url }, headers: { X-Key: { environment: KEY } } } }]`,
      'channels.ops.webhook.headers.X-Key: on AWS secrets come from',
    ],
    [
      `${URL} }\n${SIGN_IN.replace('parameter: /key', 'file: /key')}`,
      'signIn.sessionKeys.0: on AWS secrets come from "parameter: …" or "secret: …"',
    ],
    [
      `${URL} }\n${SIGN_IN.replace('sessionKeys', 'clientSecret: { environment: S }, sessionKeys')}`,
      'signIn.clientSecret: on AWS secrets come from',
    ],
    [
      `${URL} }\n${SIGN_IN.replace('sessionKeys', 'caFile: ca.pem, sessionKeys')}`,
      'signIn.caFile: is only for serve',
    ],
    [
      `${URL}, headers: { X-Scope-OrgID: { file: /tenant } } }`,
      'prometheus.headers.X-Scope-OrgID (of berlin)',
    ],
    [
      'prometheus: { capture: examples/one.gz }',
      'prometheus.capture (of berlin): is only for tests on a machine',
    ],
    ['prometheus: { timeout: 3s }', 'prometheus.url (of berlin): set the address of Prometheus'],
    [
      `${URL} }\naws: { kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/reports' }`,
      'aws: arn:aws:kms:eu-central-1:111122223333:alias/reports is not the ARN of a key; an alias does not work',
    ],
  ])('refuse what does not work on AWS: %s', (yaml, message) => {
    expect(() => checkForAws(configuration(CLUSTERS + yaml))).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.stringContaining(`test.yaml: ${message}`),
      }),
    );
  });

  it.each([
    [`${URL}, bearerToken: { parameter: '/antrea/*' } }`, '"/antrea/*" is not the name or ARN'],
    [`${URL}, bearerToken: { secret: '\${AWS::Region}' } }`, 'is not the name or ARN of a parameter'],
    [
      `${URL}, sigv4: { region: eu-central-1 } }`,
      'prometheus.sigv4 (of berlin): set roleArn, because url does not name a workspace',
    ],
  ])('refuse what cannot get exact permissions: %s', (yaml, message) => {
    expect(() => valuesOf(configuration(CLUSTERS + yaml))).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining(message) }),
    );
  });
});

describe('who may use the HTTP API', () => {
  const valuesFor = (yaml: string) => valuesOf(configuration(`${CLUSTERS}${URL} }\n${yaml}`));
  const JWT = 'aws: { authorization: { jwt: { issuer: https://issuer.invalid, audience: [reports] } } }';

  it('is decided by the gateway, unless people sign in', () => {
    expect(valuesFor('').authorizer).toEqual({ type: 'aws_iam' });
    expect(valuesFor(JWT).authorizer).toEqual({ name: 'jwt' });
    for (const yaml of [SIGN_IN, `${SIGN_IN}\n${JWT}`])
      expect(valuesFor(yaml)).toMatchObject({ authorizer: null, authorizers: {} });
  });

  it('cannot be IAM where people sign in, since nobody could', async () => {
    const path = join(folder, 'iam.yaml');
    await writeFile(path, `${CLUSTERS}${URL} }\n${SIGN_IN}\naws: { authorization: iam }`);
    await expect(readConfiguration(path)).rejects.toThrow(
      `${path}: aws.authorization: iam refuses every browser`,
    );
  });

  it('is warned of where digests have links that no browser can open', () => {
    const DIGESTS =
      'mail: { from: a@example.com }\ndigests: [{ name: noc, period: day, to: [b@example.com] }]';
    const ADDRESS = 'address: https://health.example.com';
    const warning = (yaml: string) => warnOfLinks(configuration(`${CLUSTERS}${URL} }\n${yaml}`));
    expect(warning(DIGESTS)).toBe(
      'test.yaml: digests: their links open in no browser, because the HTTP API needs signed requests; set signIn to let people sign in',
    );
    expect(warning(`${DIGESTS}\n${ADDRESS}`)).toContain('signed requests');
    expect(warning(`${DIGESTS}\n${JWT}`)).toContain('a token');
    for (const yaml of ['', ADDRESS, `${DIGESTS}\n${ADDRESS}\n${JWT}`, `${DIGESTS}\n${SIGN_IN}`])
      expect(warning(yaml)).toBeNull();
  });
});

describe('the configuration in a bundle', () => {
  it('names certificates by their paths in the bundle', () => {
    const yaml = `
prometheus: { url: https://prometheus.invalid, caFile: certificates/common.pem }
clusters: [{ name: one, prometheus: { caFile: certificates/own.pem } }, { name: two }]`;
    const { file, certificates } = packedConfiguration(
      configuration(yaml),
      '/var/task/build/generate-report',
    );
    expect(file.prometheus?.caFile).toBe(`/var/task/build/generate-report/1-common.pem`);
    expect(file.clusters?.map(({ prometheus }) => prometheus?.caFile)).toEqual([
      '/var/task/build/generate-report/0-own.pem',
      undefined,
    ]);
    expect(certificates).toEqual({
      '0-own.pem': resolve('certificates/own.pem'),
      '1-common.pem': resolve('certificates/common.pem'),
    });
  });

  it('is otherwise the configuration that was read', async () => {
    const config = await readConfiguration('examples/aws.yaml');
    expect(packedConfiguration(config, '/anywhere').file).toEqual(config.file);
  });
});
