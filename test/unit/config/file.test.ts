import { describe, expect, it } from 'vitest';
import { configOfCluster } from '../../../src/config/clusters.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { parseConfig } from '../../../src/config/file.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';
import { cpuSeconds } from '../../fixtures/cpu-seconds.ts';

const NAME = 'health.yaml';

/** Returns the message of the error, and expects it to be one line. */
function messageOf(text: string): string {
  try {
    parseConfig(text, NAME);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('the text was accepted');
}

/** Returns the settings of a cluster, flattened. */
function settingsOf(text: string, cluster?: string) {
  const { config } = configOfCluster(parseConfig(text, NAME), cluster);
  const { report, rendition, ...others } = resolveSettings(config);
  return { ...report, ...rendition, ...others };
}

describe('a configuration file', () => {
  it('may be empty or contain only comments', () => {
    expect(parseConfig('', NAME).file).toEqual({});
    expect(parseConfig('# nothing yet\n', NAME).file).toEqual({});
  });

  it('sets every key', () => {
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
    ['an unknown key', 'range: 7d\nretention: 5d\n', /^health\.yaml:2: retention: is not a known key$/],
    [
      'an unknown key that contains other keys',
      'prometheus:\n  url: http://x\n  retry:\n    count: 3\n',
      /^health\.yaml:3: prometheus\.retry: is not a known key$/,
    ],
    [
      'an unknown key in a cluster',
      'clusters:\n  - name: a\n  - name: b\n    rnage: 1d\n',
      /^health\.yaml:4: clusters\.1\.rnage: is not a known key; did you mean range\?$/,
    ],
    ['an invalid duration', 'range: soon', /^health\.yaml:1: range: "soon" is not a duration such as/],
    ['a duration without a unit', 'range: 24', /^health\.yaml:1: range: .*string/],
    ['an unknown language', 'language: de', /^health\.yaml:1: language: .*zh-CN/],
    ['an unknown format', 'formats:\n  - html\n  - docx\n', /^health\.yaml:3: formats\.1: .*pdf/],
    ['no format', 'formats: []', /^health\.yaml:1: formats: /],
    [
      'an invalid address',
      'prometheus:\n  url: prometheus:9090\n',
      /^health\.yaml:2: prometheus\.url: is not an http or https address$/,
    ],
    [
      'an address without its slashes',
      'prometheus: {url: "http:prometheus"}',
      /is not an http or https address/,
    ],
    [
      'an address of another scheme',
      'prometheus: {url: "file:///etc/passwd"}',
      /is not an http or https address/,
    ],
    [
      'an invalid label',
      'prometheus:\n  matchers:\n    "": x\n',
      /^health\.yaml:3: prometheus\.matchers\.: is not a label name$/,
    ],
    [
      'an invalid label of one component',
      'prometheus:\n  matchers:\n    agent:\n      "": x\n',
      /^health\.yaml:4: prometheus\.matchers\.agent\.: is not a label name$/,
    ],
    [
      'an unknown component',
      'prometheus:\n  matchers:\n    agents: {cluster: prod}\n',
      /^health\.yaml:3: .*agents/,
    ],
    [
      'an unknown component of the node label',
      'prometheus:\n  nodeLabel:\n    agents: node\n',
      /^health\.yaml:3: prometheus\.nodeLabel\.agents: is not a known key; did you mean agent\?$/,
    ],
    ['an invalid node label', 'prometheus: {nodeLabel: ""}', /nodeLabel: is not a label name$/],
    [
      'a number instead of a label',
      'prometheus:\n  matchers:\n    cluster: 1\n',
      /^health\.yaml:3: prometheus\.matchers\.cluster: is not a label value$/,
    ],
    ['a header twice', 'prometheus: {headers: {X-Key: a, x-key: b}}', /headers\.x-key: is given twice$/],
    [
      'a secret in a header',
      'prometheus: {headers: {cookie: s3cret}}',
      /headers\.cookie: is a secret; name where it is stored, for example with "file: …" or "environment: …"$/,
    ],
    ['binary content', '!!binary aGk=\n', /^health\.yaml:1: has a YAML tag/],
    [
      'a value of another type',
      'range: 24h\nlanguage: !!timestamp 2026-01-01\n',
      /^health\.yaml:2: has a YAML tag/,
    ],
    ['a tag', 'prometheus:\n  matchers: !!omap [{a: b}]\n', /^health\.yaml:2: has a YAML tag/],
    ['an invalid header name', 'prometheus: {headers: {"X Y": z}}', /headers\.X Y: is not a header name/],
    [
      'a secret instead of a reference',
      'prometheus:\n  bearerToken: s3cret\n',
      /^health\.yaml:2: prometheus\.bearerToken: must name where the secret is stored: "file: …", "environment: …", "parameter: …" or "secret: …"$/,
    ],
    [
      'a secret with two references',
      'prometheus:\n  bearerToken:\n    file: a\n    environment: B\n',
      /^health\.yaml:4: prometheus\.bearerToken\.environment: is not a known key$/,
    ],
    [
      'a secret without a known reference',
      'prometheus:\n  bearerToken: {path: /x}\n',
      /^health\.yaml:2: prometheus\.bearerToken: must name where the secret is stored/,
    ],
    [
      'a misspelt key in a reference to a secret',
      'prometheus:\n  bearerToken:\n    secret: a\n    filed: b\n',
      /^health\.yaml:4: prometheus\.bearerToken\.filed: is not a known key; did you mean file\?$/,
    ],
    [
      'a number instead of the name of a secret',
      'prometheus:\n  bearerToken: {secret: 7}\n',
      /^health\.yaml:2: prometheus\.bearerToken\.secret: .*expected string/,
    ],
    [
      'an invalid region',
      'prometheus: {sigv4: {region: Frankfurt}}',
      /prometheus\.sigv4\.region: is not a region such as/,
    ],
    [
      'the name of a role instead of its ARN',
      'prometheus: {sigv4: {roleArn: reader}}',
      /prometheus\.sigv4\.roleArn: is not the ARN of a role/,
    ],
    [
      'a threshold with two conditions',
      'indicators:\n  cpu-usage:\n    warning: {above: 1, below: 2}\n',
      /^health\.yaml:3: indicators\.cpu-usage\.warning: needs exactly one of above/,
    ],
    [
      'a threshold without a condition',
      'indicators:\n  cpu-usage:\n    warning: {for: 5m}\n',
      /^health\.yaml:3: .*needs exactly one of above/,
    ],
    [
      'a misspelt condition',
      'indicators:\n  cpu-usage:\n    warning:\n      abov: 1\n',
      /^health\.yaml:4: indicators\.cpu-usage\.warning\.abov: is not a known key; did you mean above\?$/,
    ],
    ['a cluster without a name', 'clusters:\n  - range: 1d\n', /^health\.yaml:2: clusters\.0\.name: /],
    ['a list', '- a\n', /^health\.yaml:1: .*object/],
    ['a sentence', 'just some words', /^health\.yaml:1: .*object/],
  ])('is refused with the line when it has %s', (_, text, message) => {
    expect(messageOf(text)).toMatch(message);
  });

  it.each([
    ['an open bracket', 'formats: [html\nrange: 1d\n', 2],
    ['a tab', 'prometheus:\n\turl: http://x\n', 2],
    ['an open quote', 'range: 1d\ntimeZone: "UTC\n', 3],
    ['a repeated key', 'range: 1d\nrange: 2d\n', 2],
    ['two documents', 'range: 1d\n---\nrange: 2d\n', 2],
    ['an extra colon', 'range: 1d: 2d\n', 1],
  ])('is refused with line and column when its YAML has %s', (_, text, line) => {
    expect(messageOf(text)).toMatch(new RegExp(`^health\\.yaml:${line}:\\d+: .+$`));
  });

  describe('with pitfalls of YAML', () => {
    it('reads dates, yes and no as text', () => {
      expect(messageOf('language: no')).toMatch(/^health\.yaml:1: language: /);
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

    it('follows an alias, and names the line of the alias if its value is invalid', () => {
      const text =
        'clusters:\n  - name: a\n    prometheus: &shared {concurrency: 2}\n  - name: b\n    prometheus: *shared\n';
      expect(settingsOf(text, 'b').prometheus.concurrency).toBe(2);
      expect(
        messageOf('indicators:\n  cpu-usage:\n    warning: &t {above: 1}\ncoverage:\n  restarts: *t\n'),
      ).toBe('health.yaml:5: coverage.restarts.above: is not a known key');
    });

    it('does not support merge keys', () => {
      expect(messageOf('<<: {range: 1d}\n')).toBe('health.yaml:1: <<: is not a known key');
    });

    it('refuses an alias without an anchor and a recursive alias', () => {
      expect(messageOf('range: *gone\n')).toMatch(/^health\.yaml: .*alias/);
      expect(messageOf('prometheus: &p\n  headers: *p\n')).toMatch(/^health\.yaml/);
    });

    it('refuses exponentially nested aliases without expanding them', async () => {
      const levels = Array.from({ length: 12 }, (_, level) =>
        level === 0
          ? 'a0: &a0 [x, x]'
          : `a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`,
      );
      const { result, seconds } = await cpuSeconds(() => messageOf(`${levels.join('\n')}\n`));
      expect(result).toMatch(/^health\.yaml: .*too many/);
      expect(seconds).toBeLessThan(10);
    });

    it.each([
      '__proto__: {range: 1d}\n',
      'prometheus: {__proto__: {url: "http://x"}}\n',
      'prometheus: {matchers: {__proto__: x}}\n',
      'prometheus: {headers: {__proto__: x}}\n',
      'indicators: {__proto__: {warning: null}}\n',
    ])('refuses the key __proto__: %j', (text) => {
      expect(messageOf(text)).toMatch(/^health\.yaml:1: __proto__: is not a known key$/);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    });
  });

  it('never repeats a secret in a message, whatever the problem is', () => {
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
    for (const text of around) expect(messageOf(text)).not.toContain('s3cret');
  });
});

describe('authentication', () => {
  const KINDS = {
    bearerToken: 'bearerToken: {secret: token}',
    basic: 'basic: {username: me, password: {parameter: /x}}',
    sigv4: 'sigv4: {region: eu-west-1, roleArn: "arn:aws:iam::123456789012:role/a"}',
  };
  const pairs = Object.values(KINDS).flatMap((one) =>
    Object.values(KINDS).map((other) => [one, other] as const),
  );

  it.each(pairs.filter(([one, other]) => one !== other))('refuses both %s and %s', (one, other) => {
    const text = `prometheus:\n  ${one}\n  ${other}\n`;
    expect(() => settingsOf(text, 'any')).toThrow(
      /^prometheus\.\w+: give either this or prometheus\.\w+, not both$/,
    );
  });

  it.each(pairs)('of a cluster replaces the common one: %s, then %s', (one, other) => {
    const text = `prometheus:\n  ${one}\nclusters: [{name: own, prometheus: {${other}}}]\n`;
    const { bearerToken, basic, sigv4 } = settingsOf(text, 'own').prometheus;
    const kinds = Object.entries({ bearerToken, basic, sigv4 }).filter(([, value]) => value !== undefined);
    expect(kinds.map(([key]) => key)).toEqual([other.split(':')[0]]);
  });

  it('of a cluster is not merged with the common one: the common role is not used with its region', () => {
    const text = `prometheus:\n  ${KINDS.sigv4}\nclusters: [{name: own, prometheus: {sigv4: {region: eu-north-1}}}]\n`;
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

  it('are the common ones where the cluster sets none', () => {
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

  it('override the common ones key by key', () => {
    const settings = settingsOf(TEXT, 'special');
    expect(settings).toMatchObject({
      rangeSeconds: 86_400,
      prometheus: {
        url: 'http://own',
        timeoutMilliseconds: 30_000,
        headers: { 'X-Team': 'net', 'X-Scope-OrgID': 't1' },
        // The cluster's authentication replaces the common one.
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

  it('remove a threshold with null and keep the others', () => {
    const { indicators } = settingsOf(TEXT, 'special');
    const find = (id: string) => indicators.find((indicator) => indicator.id === id)?.thresholds;
    const builtIn = (id: string) => INDICATORS.find((indicator) => indicator.id === id)?.thresholds;
    expect(find('cpu-usage')).toEqual({ warning: { above: 1, forSeconds: 600 } });
    expect(builtIn('local-pod-count')).toHaveProperty('warning');
    expect(find('local-pod-count')).toEqual({ critical: builtIn('local-pod-count')?.critical });
    expect(find('ovs-flow-count')).toEqual(builtIn('ovs-flow-count'));
  });

  it('are chosen by name, which must exist and be unique', () => {
    const file = (text: string) => parseConfig(text, NAME);
    const choose = (text: string, wanted?: string) => () => configOfCluster(file(text), wanted);
    expect(choose(TEXT)).toThrow(/^--cluster: choose one of the clusters of health\.yaml: plain, special$/);
    expect(choose(TEXT, 'prod')).toThrow(/^--cluster: "prod" is not one of .*: plain, special$/);
    expect(choose(TEXT, 'specail')).toThrow(
      /^--cluster: "specail" is not one of .*; did you mean "special"\?$/,
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
      /^indicators\.constructor: is not an indicator; docs\/indicators\.md lists the built-in/,
    ],
    ['indicators: {cpu-usage: {warning: {above: 1, for: 0s}}}', /^indicators\.cpu-usage\.warning\.for: /],
  ])('refuse %s', (text, message) => {
    expect(() => settingsOf(text)).toThrow(ConfigError);
    expect(() => settingsOf(text)).toThrow(message);
  });
});
