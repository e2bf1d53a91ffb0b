import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORTERS } from '../../../../../src/report/catalog/exporters.ts';
import { INDICATORS } from '../../../../../src/report/catalog/indicators/index.ts';
import { QueryError, type QueryErrorKind } from '../../../../../src/report/gather/errors.ts';
import { isAvailable, surveyExporters } from '../../../../../src/report/gather/survey/exporters.ts';
import { type NodeRules, nodeOfExporter } from '../../../../../src/report/gather/survey/nodes.ts';
import type { Series } from '../../../../../src/report/model/series.ts';

const PERIOD = { start: 1_700_000_000 - 86_400, end: 1_700_000_000 };

/** @param nodes names of nodes by the value of the node label */
function rulesOf(nodes: Readonly<Record<string, string>>): NodeRules {
  const entries = Object.entries(nodes).map(([value, node]) => [value, { node, pods: [] }] as const);
  const rule = { label: 'instance', source: 'instance' as const, nodes: new Map(entries) };
  return { agent: rule, controller: { ...rule, nodes: new Map() } };
}

type Labels = Series['labels'];

async function surveyOf(
  answer: readonly Labels[] | QueryErrorKind,
  nodes: Readonly<Record<string, string>> = {},
  indicators = INDICATORS,
) {
  const asked: string[] = [];
  const range = async (query: string): Promise<Series[]> => {
    asked.push(query);
    if (typeof answer === 'string') throw new QueryError(answer, 'it failed');
    return answer.map((labels) => ({ labels, values: Float64Array.of(1) }));
  };
  const options = { indicators, exporters: EXPORTERS, period: PERIOD };
  return { asked, ...(await surveyExporters({ range }, rulesOf(nodes), options)) };
}

const indicatorOf = (id: string) => {
  const found = INDICATORS.find((indicator) => indicator.id === id);
  if (found === undefined) throw new Error(`there is no indicator ${id}`);
  return found;
};

describe('the metrics of other exporters', () => {
  it('are looked for in one request, each with the series that matter', async () => {
    const { asked } = await surveyOf([]);
    expect(asked).toHaveLength(1);
    for (const { name } of EXPORTERS.flatMap(({ metrics }) => metrics)) expect(asked[0]).toContain(name);
    expect(asked[0]).toContain('{__name__=~"(?:node_network_mtu_bytes)",device="antrea-gw0",$others}');
  });

  it('are not asked about if no indicator reads them', async () => {
    const ofAntrea = INDICATORS.filter(({ exporter }) => exporter === undefined);
    const { asked, metrics } = await surveyOf([], {}, ofAntrea);
    expect(asked).toEqual([]);
    expect(metrics).toEqual(new Set());
  });

  it('make an indicator available only together', async () => {
    const usage = indicatorOf('node-conntrack-usage');
    const names = ['node_nf_conntrack_entries', 'node_nf_conntrack_entries_limit'];
    const some = await surveyOf([{ __name__: names[0] ?? '' }]);
    expect(isAvailable(usage, some.metrics)).toBe(false);
    const all = await surveyOf(names.map((name) => ({ __name__: name })));
    expect(isAvailable(usage, all.metrics)).toBe(true);
    expect(isAvailable(indicatorOf('cpu-usage'), all.metrics)).toBe(true);
  });

  it('are absent from a capture that was recorded without the request, and unknown if it failed', async () => {
    const usage = indicatorOf('node-conntrack-usage');
    const old = await surveyOf('not-captured');
    expect(isAvailable(usage, old.metrics)).toBe(false);
    // Then the indicators are queried, and fail themselves if the server does.
    const failed = await surveyOf('rejected');
    expect(failed.metrics).toBeNull();
    expect(isAvailable(usage, failed.metrics)).toBe(true);
  });
});

describe('what other exporters call a node', () => {
  it.each<[string, string, readonly Labels[], Record<string, string>, string]>([
    ['its name', 'n1', [], { 'n1;antrea-agent-x': 'n1' }, 'n1'],
    ['its name without the domain', 'n1', [], { 'n1.example.org;p': 'n1.example.org' }, 'n1.example.org'],
    ['its name with a domain', 'n1.example.org:9100', [], { 'n1;p': 'n1' }, 'n1'],
    ['the address of its agent', '10.0.0.4:9100', [], { '10.0.0.4:10350': 'n1' }, 'n1'],
    ['an IPv6 address', '[fd00::4]:9100', [], { '[fd00::4]:10350': 'n1' }, 'n1'],
    [
      'an address of kube-state-metrics',
      '10.0.0.4:9100',
      [{ node: 'n1', internal_ip: '10.0.0.4' }],
      { 'n1;p': 'n1' },
      'n1',
    ],
    [
      'an instance with the host name of the node',
      '10.0.0.4:9100',
      [{ instance: '10.0.0.4:9100', nodename: 'n1.internal' }],
      { 'n1;p': 'n1' },
      'n1',
    ],
  ])('may be %s', async (_, text, identities, nodes, name) => {
    const survey = await surveyOf(identities, nodes);
    expect(nodeOfExporter(text, survey.nodes)).toBe(name);
  });

  it.each<[string, string, readonly Labels[], Record<string, string>]>([
    ['a loopback address of several', '127.0.0.1:9100', [], { '127.0.0.1:1': 'n1', '127.0.0.1:2': 'n2' }],
    ['a host name of several', 'n1', [], { a: 'n1.east', b: 'n1.west' }],
    ['a node without an agent', '10.0.0.9:9100', [{ node: 'n9', internal_ip: '10.0.0.9' }], { a: 'n1' }],
    [
      'one instance with two host names',
      'proxy:9100',
      [
        { instance: 'proxy:9100', nodename: 'n1' },
        { instance: 'proxy:9100', nodename: 'n2' },
      ],
      { a: 'n1', b: 'n2' },
    ],
  ])('is kept if it is %s', async (_, text, identities, nodes) => {
    const survey = await surveyOf(identities, nodes);
    expect(nodeOfExporter(text, survey.nodes)).toBe(text);
  });

  it('becomes the name of a node with an agent, or stays as it is, for any text', async () => {
    const word = fc.oneof(
      fc.constantFrom('n1', 'n2', 'n1.a', '10.0.0.4', '10.0.0.4:9100', '::1', '[::1]:80', '', 'constructor'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        word,
        fc.dictionary(word, word),
        fc.array(fc.record({ instance: word, nodename: word, node: word, internal_ip: word })),
        async (text, nodes, identities) => {
          const survey = await surveyOf(identities, nodes);
          expect([text, ...Object.values(nodes)]).toContain(nodeOfExporter(text, survey.nodes));
          for (const node of new Set(Object.values(nodes)))
            if (node !== '') expect(Object.values(nodes)).toContain(nodeOfExporter(node, survey.nodes));
        },
      ),
    );
  });
});
