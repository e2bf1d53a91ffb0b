import { openProvider } from '../../../../src/adapters/oidc/provider.ts';
import { parseConfig } from '../../../../src/config/file.ts';
import { type SignInSettings, signInOf } from '../../../../src/config/sign-in.ts';
import { routeOf } from '../../../../src/service/api/api.ts';
import type { ApiResponse, SiteRequest } from '../../../../src/service/api/http.ts';
import { answerAtGate, type Gate } from '../../../../src/service/sign-in/gate.ts';
import { openSignIn } from '../../../../src/service/sign-in/sign-in.ts';
import { type Issuer, openVisitor, startIssuer } from '../../../fixtures/issuer.ts';
import { openApi } from '../api/surroundings.ts';

export const ADDRESS = 'https://health.example.com';
export const KEY = 'k'.repeat(32);

export const PEOPLE = {
  alice: { name: 'Alice', groups: ['sre'] },
  bob: {
    name: 'Bob <b>',
    groups: ['team-berlin', ...Array.from({ length: 5000 }, (_, at) => `group-${at}`)],
  },
  eve: { name: 'Eve', groups: ['others'] },
  孟: { name: '孟'.repeat(300), groups: [] },
};

export const CONFIG = (issuer: string, groups = '') => `
timeZone: Europe/Berlin
address: ${ADDRESS}
prometheus: { url: "http://127.0.0.1:9" }
clusters: [{ name: prod-berlin }, { name: prod-paris }, { name: 生产 }]
signIn:
  issuer: ${issuer}
  clientId: antrea-health
  sessionKeys: [{ environment: KEY }]
  scopes: [profile, groups]
  groups: { claim: groups, clusters: { sre: ["*"], team-berlin: [prod-berlin], team-china: [生产]${groups} } }
`;

export function startTestIssuer(): Promise<Issuer> {
  const clients = ['antrea-health', 'another'].map((client_id) => ({
    client_id,
    redirect_uris: [`${ADDRESS}/sign-in/callback`],
    post_logout_redirect_uris: [`${ADDRESS}/sign-out`],
    token_endpoint_auth_method: 'none',
  }));
  return startIssuer({ clients, people: PEOPLE });
}

export type Changes = Partial<SignInSettings> & { keys?: string[] };

/** A service, its clock, and the browsers of people. */
export function openService(issuer: Issuer, changes: Changes = {}, config = CONFIG(issuer.url)) {
  const { keys = [KEY], ...others } = changes;
  const settings = { ...(signInOf(parseConfig(config, 'test.yaml').file) as SignInSettings), ...others };
  const errors: unknown[] = [];
  const service = {
    now: new Date(),
    keys,
    errors,
    api: openApi(new Date().toISOString(), config),
  };
  const now = () => service.now;
  const provider = openProvider({
    settings,
    redirectUri: `${ADDRESS}/sign-in/callback`,
    readClientSecret: async () => undefined,
    fetch,
    now,
  });
  const gate: Gate = {
    signIn: openSignIn({
      settings,
      provider,
      readSecrets: async () => service.keys,
      now,
      onError: (error) => errors.push(error),
    }),
    readToken: async (text) =>
      text === 'Bearer good' ? { user: 'program' } : { refused: 'the token is not valid' },
    origin: ADDRESS,
  };
  return {
    ...service,
    setNow: (time: Date) => {
      service.now = time;
    },
    setKeys: (next: string[]) => {
      service.keys = next;
    },
    ask: (address: string, request: Sent = {}) =>
      answerAtGate(requestOf(address, request), service.api.context, gate),
  };
}

export type Service = ReturnType<typeof openService>;

export type Sent = { method?: string; headers?: Record<string, string>; body?: string };

function requestOf(address: string, { method = 'GET', headers = {}, body }: Sent): SiteRequest {
  const { pathname, searchParams } = new URL(address, ADDRESS);
  const query = Object.fromEntries(searchParams);
  const route = routeOf(method === 'HEAD' ? 'GET' : method, pathname);
  return { ...route, method, path: pathname, query, headers, body, basePath: '' };
}

export const NAVIGATES = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
};

/** A browser of the service, with its cookies. */
export function openBrowser({ ask }: Pick<Service, 'ask'>) {
  const jar = new Map<string, string>();
  const open = async (address: string, { headers = {}, ...request }: Sent = {}): Promise<ApiResponse> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await ask(address, {
      ...request,
      headers: { ...NAVIGATES, ...(cookie && { cookie }), ...headers },
    });
    for (const line of response.cookies ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const visitor = openVisitor();
  return {
    jar,
    open,
    /** Opens an address, signs in at the issuer, and returns the address of the callback. */
    async login(address: string, login: string): Promise<string> {
      const { headers } = await open(address);
      const callback = await visitor.signIn(headers['location'] ?? '', login, ADDRESS);
      return `${callback.pathname}${callback.search}`;
    },
    /** Does that, opens the callback, and returns the answer to it. */
    async signIn(address: string, login: string): Promise<ApiResponse> {
      return open(await this.login(address, login));
    },
  };
}
