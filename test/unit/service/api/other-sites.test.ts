import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, openApi } from './surroundings.ts';

const NOW = '2026-11-22T09:30:15Z';
const FORM = 'application/x-www-form-urlencoded';
const CONFIG = `
timeZone: Europe/Berlin
prometheus: { url: "http://127.0.0.1:9" }
address: https://health.example.com/antrea
clusters: [{ name: prod-berlin }]
`;

let api: Api;
beforeEach(() => {
  api = openApi(NOW, CONFIG);
});

type Headers = Record<string, string>;

const sendForm = (headers: Headers) =>
  api.ask('POST /reports', {
    body: 'cluster=prod-berlin&period=day&language=',
    headers: { host: 'pages.example:8080', 'content-type': FORM, ...headers },
  });

describe('a form', () => {
  it.each<[string, Headers]>([
    ['of this site', { 'sec-fetch-site': 'same-origin' }],
    [
      'of this site, whatever the proxy made of its host',
      {
        'sec-fetch-site': 'same-origin',
        origin: 'https://other.example',
      },
    ],
    ['that the reader sends again', { 'sec-fetch-site': 'none' }],
    ['of this host', { origin: 'http://pages.example:8080' }],
    ['of this host behind TLS', { origin: 'https://pages.example:8080' }],
    ['of this host with its port left out', { host: 'pages.example:443', origin: 'https://pages.example' }],
    ['of the address in the configuration', { origin: 'https://health.example.com' }],
    ['with a charset', { origin: 'http://pages.example:8080', 'content-type': `${FORM}; charset=UTF-8` }],
  ])('%s is accepted', async (_, headers) => {
    expect((await sendForm(headers)).status).toBe(303);
    expect(api.sent).toHaveLength(1);
  });

  it.each<[string, Headers]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another host of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['with more than one answer', { 'sec-fetch-site': 'cross-site, same-origin' }],
    [
      'of another site that also has the origin',
      {
        'sec-fetch-site': 'cross-site',
        origin: 'http://pages.example:8080',
      },
    ],
    ['that does not say where it comes from', {}],
    ['of another host', { origin: 'https://evil.example' }],
    ['of another port', { origin: 'http://pages.example:9090' }],
    ['of a host that begins like this one', { origin: 'http://pages.example:8080.evil.example' }],
    ['of a sandboxed page', { origin: 'null' }],
    ['of a file', { origin: 'file://' }],
    ['with text as origin', { origin: 'pages.example:8080' }],
    ['of the configured host without TLS', { origin: 'http://health.example.com' }],
  ])('%s is refused', async (_, headers) => {
    const response = await sendForm(headers);
    expect(response.status).toBe(403);
    expect(JSON.parse(response.body).type).toContain('cross-site');
    expect(api.sent).toEqual([]);
    const page = await sendForm({ ...headers, accept: 'text/html' });
    expect([page.status, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(api.sent).toEqual([]);
  });
});

describe('a program', () => {
  const send = (headers: Headers) =>
    api.ask('POST /reports', { body: '{"cluster": "prod-berlin", "period": "day"}', headers });

  it.each<[string, Headers]>([
    ['without any header', {}],
    ['with JSON', { 'content-type': 'application/json' }],
    [
      'with JSON and an origin, which browsers ask for before',
      {
        'content-type': 'application/json',
        origin: 'https://other.example',
      },
    ],
  ])('%s is accepted', async (_, headers) => {
    expect((await send(headers)).status).toBe(202);
  });

  it.each<[string, Headers]>([
    [
      'JSON from the page of another site',
      {
        'content-type': 'application/json',
        'sec-fetch-site': 'cross-site',
      },
    ],
    // A page can send text without a type without being asked about.
    ['text without a type from another origin', { origin: 'https://other.example' }],
  ])('that sends %s is refused', async (_, headers) => {
    expect((await send(headers)).status).toBe(403);
    expect(api.sent).toEqual([]);
  });
});

it('reading is open to links of all sites', async () => {
  for (const route of ['GET /', 'GET /reports'])
    expect((await api.ask(route, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
});
