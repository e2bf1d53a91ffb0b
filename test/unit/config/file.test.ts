import { describe, expect, it } from 'vitest';
import { configOfCluster } from '../../../src/config/clusters.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { parseConfig } from '../../../src/config/file.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';

const NAME = 'health.yaml';

/** What is said of a text that is wrong: one line. */
function complaintOf(text: string): string {
  try {
    parseConfig(text, NAME);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('was accepted');
}

/** The settings that a text makes for a cluster, without their groups. */
function settingsOf(text: string, cluster?: string) {
  const { config } = configOfCluster(parseConfig(text, NAME), cluster);
  const { report, rendition, ...others } = resolveSettings(config);
  return { ...report, ...rendition, ...others };
}

describe('a configuration file', () => {
  it('may be empty, or hold nothing but comments', () => {
    expect(parseConfig('', NAME).file).toEqual({});
    expect(parseConfig('# nothing yet\n', NAME).file).toEqual({});
  });

  it('says everything there is to say', () => {
    const settings = settingsOf(`
timeZone: asia/shanghai
language: zh-CN
formats: [pdf, json, pdf]
pageSize: Letter
range: 1d12h
step: 5m
prometheus:
  url: https://prometheus.example/prom
  headers: {X-Scope-OrgID: tenant-1}
  timeout: 90s
  concurrency: 8
  matchers: {cluster: prod}
  jobs: {agent: [agents-a, agents-b], controller: ctl}
  nodeLabel: kubernetes_node
  scrapeInterval: 30s
coverage:
  gap: 15m
  restarts: {warning: 2}
`);
    expect(settings).toMatchObject({
      timeZone: 'Asia/Shanghai',
      language: 'zh-CN',
      formats: ['pdf', 'json'],
      pageSize: 'Letter',
      rangeSeconds: 129_600,
      stepSeconds: 300,
      scrapeIntervalSeconds: 30,
      prometheus: {
        url: 'https://prometheus.example/prom',
        headers: { 'X-Scope-OrgID': 'tenant-1' },
        timeoutMilliseconds: 90_000,
        concurrency: 8,
      },
      targetSettings: {
        jobs: { agent: ['agents-a', 'agents-b'], controller: ['ctl'] },
        matchers: {
          agent: { cluster: 'prod' },
          controller: { cluster: 'prod' },
          others: { cluster: 'prod' },
        },
        nodeLabels: { agent: 'kubernetes_node', controller: 'kubernetes_node' },
      },
      coverage: { gapSeconds: 900, restarts: { warning: 2 } },
    });
    expect(settings.indicators).toEqual(INDICATORS);
  });

  it.each<[string, string, RegExp]>([
    ['a key nobody knows', 'range: 7d\nretention: 5d\n', /^health\.yaml:2: retention: is not a known key$/],
    [
      'a key nobody knows, deep inside, with more below it',
      'prometheus:\n  url: http://x\n  retry:\n    count: 3\n',
      /^health\.yaml:3: prometheus\.retry: is not a known key$/,
    ],
    [
      'a key nobody knows in a cluster',
      'clusters:\n  - name: a\n  - name: b\n    rnage: 1d\n',
      /^health\.yaml:4: clusters\.1\.rnage: is not a known key; did you mean range\?$/,
    ],
    ['a duration that is none', 'range: soon', /^health\.yaml:1: range: "soon" is not a duration such as/],
    ['a duration without a unit', 'range: 24', /^health\.yaml:1: range: .*string/],
    ['a language there is not', 'language: de', /^health\.yaml:1: language: .*zh-CN/],
    ['a format there is not', 'formats:\n  - html\n  - docx\n', /^health\.yaml:3: formats\.1: .*pdf/],
    ['no format', 'formats: []', /^health\.yaml:1: formats: /],
    [
      'an address that is none',
      'prometheus:\n  url: prometheus:9090\n',
      /^health\.yaml:2: prometheus\.url: is not an http or https address$/,
    ],
    [
      'an address without its slashes',
      'prometheus: {url: "http:prometheus"}',
      /is not an http or https address/,
    ],
    [
      'an address of another kind',
      'prometheus: {url: "file:///etc/passwd"}',
      /is not an http or https address/,
    ],
    [
      'a label that is none',
      'prometheus:\n  matchers:\n    "": x\n',
      /^health\.yaml:3: prometheus\.matchers\.: is not a label name$/,
    ],
    [
      'a label that is none, of one component',
      'prometheus:\n  matchers:\n    agent:\n      "": x\n',
      /^health\.yaml:4: prometheus\.matchers\.agent\.: is not a label name$/,
    ],
    [
      'a component there is not',
      'prometheus:\n  matchers:\n    agents: {cluster: prod}\n',
      /^health\.yaml:3: .*agents/,
    ],
    [
      'a component there is not, of the node label',
      'prometheus:\n  nodeLabel:\n    agents: node\n',
      /^health\.yaml:3: prometheus\.nodeLabel\.agents: is not a known key; did you mean agent\?$/,
    ],
    ['a node label that is none', 'prometheus: {nodeLabel: ""}', /nodeLabel: is not a label name$/],
    [
      'a number for a label',
      'prometheus:\n  matchers:\n    cluster: 1\n',
      /^health\.yaml:3: prometheus\.matchers\.cluster: is not a label value$/,
    ],
    ['a header that is none', 'prometheus: {headers: {"X Y": z}}', /headers\.X Y: is not a header name/],
    [
      'a secret in the place of its reference',
      'prometheus:\n  bearerToken: s3cret\n',
      /^health\.yaml:2: prometheus\.bearerToken: must name where the secret is stored: "file: …", "environment: …", "parameter: …" or "secret: …"$/,
    ],
    [
      'a secret from two places',
      'prometheus:\n  bearerToken:\n    file: a\n    environment: B\n',
      /^health\.yaml:4: prometheus\.bearerToken\.environment: is not a known key$/,
    ],
    [
      'a secret from nowhere',
      'prometheus:\n  bearerToken: {path: /x}\n',
      /^health\.yaml:2: prometheus\.bearerToken: must name where the secret is stored/,
    ],
    [
      'a misspelt key beside a secret’s name',
      'prometheus:\n  bearerToken:\n    secret: a\n    filed: b\n',
      /^health\.yaml:4: prometheus\.bearerToken\.filed: is not a known key; did you mean file\?$/,
    ],
    [
      'a number for a secret’s name',
      'prometheus:\n  bearerToken: {secret: 7}\n',
      /^health\.yaml:2: prometheus\.bearerToken\.secret: .*expected string/,
    ],
    [
      'a region that is none',
      'prometheus: {sigv4: {region: Frankfurt}}',
      /prometheus\.sigv4\.region: is not a region such as/,
    ],
    [
      'the name of a role for its ARN',
      'prometheus: {sigv4: {roleArn: reader}}',
      /prometheus\.sigv4\.roleArn: is not the ARN of a role/,
    ],
    [
      'a threshold of two conditions',
      'indicators:\n  cpu-usage:\n    warning: {above: 1, below: 2}\n',
      /^health\.yaml:3: indicators\.cpu-usage\.warning: needs one of above/,
    ],
    [
      'a threshold of none',
      'indicators:\n  cpu-usage:\n    warning: {for: 5m}\n',
      /^health\.yaml:3: .*needs one of above/,
    ],
    [
      'a misspelt condition',
      'indicators:\n  cpu-usage:\n    warning:\n      abov: 1\n',
      /^health\.yaml:4: indicators\.cpu-usage\.warning\.abov: is not a known key; did you mean above\?$/,
    ],
    ['a cluster without a name', 'clusters:\n  - range: 1d\n', /^health\.yaml:2: clusters\.0\.name: /],
    ['a list', '- a\n', /^health\.yaml:1: .*object/],
    ['a sentence', 'just some words', /^health\.yaml:1: .*object/],
  ])('is refused with the place when it has %s', (_, text, message) => {
    expect(complaintOf(text)).toMatch(message);
  });

  it.each([
    ['an open bracket', 'formats: [html\nrange: 1d\n', 2],
    ['a tab', 'prometheus:\n\turl: http://x\n', 2],
    ['an open quote', 'range: 1d\ntimeZone: "UTC\n', 3],
    ['a key twice', 'range: 1d\nrange: 2d\n', 2],
    ['two documents', 'range: 1d\n---\nrange: 2d\n', 2],
    ['a colon too many', 'range: 1d: 2d\n', 1],
  ])('is refused with line and column when its YAML has %s', (_, text, line) => {
    expect(complaintOf(text)).toMatch(new RegExp(`^health\\.yaml:${line}:\\d+: .+$`));
  });

  describe('with YAML’s traps', () => {
    it('takes dates, yes and no as the text that they are', () => {
      expect(complaintOf('language: no')).toMatch(/^health\.yaml:1: language: /);
      expect(() => settingsOf('timeZone: 2026-11-21')).toThrow(
        /^timeZone: "2026-11-21" is not a known time zone/,
      );
      expect(
        settingsOf('prometheus: {matchers: {cluster: yes, since: 2026-11-21}}').targetSettings.matchers.agent,
      ).toEqual({
        cluster: 'yes',
        since: '2026-11-21',
      });
    });

    it('follows an alias, and names the line of one that does not fit', () => {
      const text =
        'clusters:\n  - name: a\n    prometheus: &shared {concurrency: 2}\n  - name: b\n    prometheus: *shared\n';
      expect(settingsOf(text, 'b').prometheus.concurrency).toBe(2);
      expect(
        complaintOf('indicators:\n  cpu-usage:\n    warning: &t {above: 1}\ncoverage:\n  restarts: *t\n'),
      ).toBe('health.yaml:5: coverage.restarts.above: is not a known key');
    });

    it('merges nothing in', () => {
      expect(complaintOf('<<: {range: 1d}\n')).toBe('health.yaml:1: <<: is not a known key');
    });

    it('refuses an alias of nothing, and one of itself', () => {
      expect(complaintOf('range: *gone\n')).toMatch(/^health\.yaml: .*alias/);
      expect(complaintOf('prometheus: &p\n  headers: *p\n')).toMatch(/^health\.yaml/);
    });

    it('refuses aliases of aliases of aliases, at once', () => {
      const levels = Array.from({ length: 12 }, (_, level) =>
        level === 0
          ? 'a0: &a0 [x, x]'
          : `a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`,
      );
      const begin = performance.now();
      expect(complaintOf(`${levels.join('\n')}\n`)).toMatch(/^health\.yaml: .*too many/);
      expect(performance.now() - begin).toBeLessThan(10_000);
    });

    it.each([
      '__proto__: {range: 1d}\n',
      'prometheus: {__proto__: {url: "http://x"}}\n',
      'prometheus: {matchers: {__proto__: x}}\n',
      'prometheus: {headers: {__proto__: x}}\n',
      'indicators: {__proto__: {warning: null}}\n',
    ])('refuses a key that is a trap for programs: %j', (text) => {
      expect(complaintOf(text)).toMatch(/^health\.yaml:1: __proto__: is not a known key$/);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    });
  });

  it('never repeats the value of a header, whatever is wrong around it', () => {
    const around = [
      'prometheus:\n  headers:\n    Authorization: "Bearer s3cret" more\n',
      'prometheus:\n  headers:\n    Authorization: "Bearer s3cret\n',
      'prometheus:\n  headers:\n    Authorization: [s3cret\n',
      'prometheus:\n  headers:\n    Authorization: *s3cret\n',
      'prometheus:\n  headers:\n    Authorization: Bearer s3cret: x\n',
      'prometheus:\n  headers:\n    Authorization: [s3cret]\n',
      'prometheus:\n  headers:\n    Authorization: |s3cret\n',
      'prometheus:\n  headers:\n    Authorization: !x!s3cret y\n',
      'prometheus:\n  headers:\n    Authorization: {flie: s3cret}\n',
      'prometheus:\n  bearerToken: s3cret\n',
      'prometheus:\n  basic: {username: me, password: s3cret}\n',
      'prometheus:\n  url: htp://me:s3cret@host\n',
      'prometheus:\n  url: http://me:s3cret@\n',
    ];
    for (const text of around) expect(complaintOf(text)).not.toContain('s3cret');
  });
});

describe('who asks', () => {
  const WAYS = {
    bearerToken: 'bearerToken: {secret: token}',
    basic: 'basic: {username: me, password: {parameter: /x}}',
    sigv4: 'sigv4: {region: eu-west-1, roleArn: "arn:aws:iam::123456789012:role/a"}',
  };
  const pairs = Object.values(WAYS).flatMap((one) =>
    Object.values(WAYS).map((other) => [one, other] as const),
  );

  it.each(pairs.filter(([one, other]) => one !== other))('is not proved by %s and %s', (one, other) => {
    const text = `prometheus:\n  ${one}\n  ${other}\n`;
    expect(() => settingsOf(text, 'any')).toThrow(
      /^prometheus\.\w+: give either this or prometheus\.\w+, not both$/,
    );
  });

  it.each(pairs)('of a cluster: after %s for all, its own %s is all there is', (one, other) => {
    const text = `prometheus:\n  ${one}\nclusters: [{name: own, prometheus: {${other}}}]\n`;
    const { bearerToken, basic, sigv4 } = settingsOf(text, 'own').prometheus;
    const proofs = Object.entries({ bearerToken, basic, sigv4 }).filter(([, value]) => value !== undefined);
    expect(proofs.map(([key]) => key)).toEqual([other.split(':')[0]]);
  });

  it('of a cluster is a whole of its own: the role for all does not join its region', () => {
    const text = `prometheus:\n  ${WAYS.sigv4}\nclusters: [{name: own, prometheus: {sigv4: {region: eu-north-1}}}]\n`;
    expect(settingsOf(text, 'own').prometheus.sigv4).toEqual({ region: 'eu-north-1' });
  });
});

describe('the settings of a cluster', () => {
  const TEXT = `
range: 7d
prometheus:
  url: http://shared
  bearerToken: {environment: TOKEN}
  headers: {X-Team: net}
  matchers: {region: eu}
  jobs: {agent: agents, controller: ctl}
  timeout: 30s
indicators:
  cpu-usage:
    warning: {above: 1, for: 10m}
    critical: {above: 2}
coverage:
  gap: 5m
  restarts: {warning: 2, critical: 9}
clusters:
  - name: plain
  - name: special
    range: 1d
    prometheus:
      url: http://own
      basic: {username: me, password: {environment: PASSWORD}}
      headers: {X-Scope-OrgID: t1}
      matchers: {cluster: special}
      jobs: {agent: other-agents}
    indicators:
      cpu-usage:
        critical: null
      local-pod-count:
        warning: null
    coverage:
      restarts: {warning: 5}
`;

  it('are what holds for all where it says nothing itself', () => {
    const settings = settingsOf(TEXT, 'plain');
    expect(settings).toMatchObject({
      rangeSeconds: 604_800,
      prometheus: {
        url: 'http://shared',
        bearerToken: { environment: 'TOKEN' },
        headers: { 'X-Team': 'net' },
      },
      targetSettings: {
        jobs: { agent: ['agents'], controller: ['ctl'] },
        matchers: { agent: { region: 'eu' }, controller: { region: 'eu' }, others: { region: 'eu' } },
      },
      coverage: { gapSeconds: 300, restarts: { warning: 2, critical: 9 } },
    });
    expect(settings.indicators.find(({ id }) => id === 'cpu-usage')?.thresholds).toEqual({
      warning: { above: 1, forSeconds: 600 },
      critical: { above: 2, forSeconds: 0 },
    });
  });

  it('are its own on top of that, key by key', () => {
    const settings = settingsOf(TEXT, 'special');
    expect(settings).toMatchObject({
      rangeSeconds: 86_400,
      prometheus: {
        url: 'http://own',
        timeoutMilliseconds: 30_000,
        headers: { 'X-Team': 'net', 'X-Scope-OrgID': 't1' },
        // One way to prove who asks takes the place of the other.
        basic: { username: 'me', password: { environment: 'PASSWORD' } },
        bearerToken: undefined,
      },
      targetSettings: {
        jobs: { agent: ['other-agents'], controller: ['ctl'] },
        matchers: {
          agent: { region: 'eu', cluster: 'special' },
          controller: { region: 'eu', cluster: 'special' },
          others: { region: 'eu', cluster: 'special' },
        },
      },
      coverage: { gapSeconds: 300, restarts: { warning: 5, critical: 9 } },
    });
  });

  it('switch a threshold off with null, and leave the others as they are', () => {
    const { indicators } = settingsOf(TEXT, 'special');
    const find = (id: string) => indicators.find((indicator) => indicator.id === id)?.thresholds;
    const builtIn = (id: string) => INDICATORS.find((indicator) => indicator.id === id)?.thresholds;
    expect(find('cpu-usage')).toEqual({ warning: { above: 1, forSeconds: 600 } });
    expect(builtIn('local-pod-count')).toHaveProperty('warning');
    expect(find('local-pod-count')).toEqual({ critical: builtIn('local-pod-count')?.critical });
    expect(find('ovs-flow-count')).toEqual(builtIn('ovs-flow-count'));
  });

  it('are chosen by name, which must be there, and there once', () => {
    const file = (text: string) => parseConfig(text, NAME);
    const choose = (text: string, wanted?: string) => () => configOfCluster(file(text), wanted);
    expect(choose(TEXT)).toThrow(/^--cluster: say which of health\.yaml's clusters: plain, special$/);
    expect(choose(TEXT, 'prod')).toThrow(/^--cluster: "prod" is not among .*: plain, special$/);
    expect(choose(TEXT, 'specail')).toThrow(
      /^--cluster: "specail" is not among .*; did you mean "special"\?$/,
    );
    expect(choose('clusters: [{name: a}, {name: a}]', 'a')).toThrow(
      /^health\.yaml: clusters: "a" is listed twice$/,
    );
    expect(choose('clusters: [{name: only}]')().cluster).toBe('only');
    expect(choose('range: 1d', 'any')().cluster).toBe('any');
  });
});

describe('settings', () => {
  it.each<[string, RegExp]>([
    ['timeZone: Mars/Olympus', /^timeZone: "Mars\/Olympus" is not a known time zone/],
    ['range: 0s', /^range: /],
    ['prometheus: {timeout: 0s}', /^prometheus\.timeout: /],
    ['prometheus: {timeout: 30d}', /^prometheus\.timeout: must not be longer than 1h$/],
    [
      'prometheus: {bearerToken: {file: a}, basic: {username: me, password: {file: b}}}',
      /^prometheus\.basic: give either this or prometheus\.bearerToken/,
    ],
    [
      'indicators: {cpu: {warning: null}}',
      /^indicators\.cpu: is not an indicator; did you mean cpu-usage\?$/,
    ],
    [
      'indicators: {constructor: {warning: null}}',
      /^indicators\.constructor: is not an indicator; docs\/indicators\.md lists them/,
    ],
    ['indicators: {cpu-usage: {warning: {above: 1, for: 0s}}}', /^indicators\.cpu-usage\.warning\.for: /],
  ])('refuse %s', (text, message) => {
    expect(() => settingsOf(text)).toThrow(ConfigError);
    expect(() => settingsOf(text)).toThrow(message);
  });
});
