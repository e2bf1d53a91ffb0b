import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfigFile } from '../../../src/config/check-file.ts';
import { parseConfig } from '../../../src/config/file.ts';
import { signInOf } from '../../../src/config/sign-in.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-sign-in-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns all problems that `antrea-health check --offline` finds, without the file's name. */
async function problemsOf(text: string): Promise<string[]> {
  const path = join(folder, 'x.yaml');
  await writeFile(path, text);
  return (await checkConfigFile(path, undefined)).problems.map((one) => one.replace(path, ''));
}

const SIGN_IN =
  'signIn: { issuer: https://login.example.com, clientId: health, sessionKeys: [{ file: key }] }';
const fileOf = (text: string) => parseConfig(`prometheus: { url: "http://p" }\n${text}`, 'x.yaml').file;

describe('signIn', () => {
  it('has defaults, and the path of the address is that of the service', () => {
    expect(signInOf(fileOf(`address: https://example.com/antrea/\n${SIGN_IN}`))).toEqual({
      issuer: 'https://login.example.com',
      clientId: 'health',
      sessionKeys: [{ file: 'key' }],
      address: 'https://example.com/antrea',
      basePath: '/antrea',
      sessionSeconds: 12 * 3600,
      scope: 'openid profile',
    });
    expect(signInOf(fileOf('address: http://example.com'))).toBeNull();
    const scopes = `address: http://127.0.0.1:8080\n${SIGN_IN.replace('}] }', '}], scopes: [openid, groups] }')}`;
    expect(signInOf(fileOf(scopes))).toMatchObject({ basePath: '', scope: 'openid groups' });
  });

  it.each([
    [SIGN_IN, ': address: is missing; signIn needs it, because the issuer sends people back to this address'],
    [
      `address: http://example.com\n${SIGN_IN}`,
      ':1: address: must be an https address, because signIn protects the cookies of people with it',
    ],
    [
      `address: https://example.com/a\nserve: { basePath: /b }\n${SIGN_IN}`,
      ':2: serve.basePath: is not the path of address, which is /a',
    ],
    [
      `address: https://example.com\n${SIGN_IN.replace('https://login', 'http://login')}`,
      ':2: signIn.issuer: must be an https address',
    ],
    [`address: https://example.com\n${SIGN_IN.replace('[{ file: key }]', '[]')}`, ':2: signIn.sessionKeys: '],
    [
      `address: https://example.com\n${SIGN_IN.replace('{ file: key }', 'secret')}`,
      ':2: signIn.sessionKeys.0: must name where the secret is stored',
    ],
    [
      `address: https://example.com\nserve: { authentication: { proxy: { userHeader: U, from: [10.0.0.1] } } }\n${SIGN_IN}`,
      ':2: serve.authentication.proxy: give either this or signIn',
    ],
    [
      `address: https://example.com\naws: { authorization: iam }\n${SIGN_IN}`,
      ':2: aws.authorization: iam refuses every browser',
    ],
    [
      `address: https://example.com\nclusters: [{ name: prod-berlin }]\n${SIGN_IN.replace('}] }', '}], groups: { claim: groups, clusters: { sre: ["*"], ops: [prod-belrin] } } }')}`,
      ':3: signIn.groups.clusters: "prod-belrin" (of ops) is not one of the clusters; did you mean "prod-berlin"?',
    ],
    [
      `address: https://example.com\n${SIGN_IN.replace('clientId', 'clientID')}`,
      ':2: signIn.clientID: is not a known key; did you mean clientId?',
    ],
  ])('with a mistake is one line: %s', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('is not said to lack an address that is there and must be corrected', async () => {
    expect(await problemsOf(`address: nowhere\n${SIGN_IN}`)).toEqual([
      ':1: address: is not an http or https address',
    ]);
  });
});
