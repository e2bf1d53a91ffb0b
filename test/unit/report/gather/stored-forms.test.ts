import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import {
  detectForms,
  EXPOSED_FORMS,
  findMissingBuckets,
  rewriteQuery,
  type StoredForms,
  storedNames,
} from '../../../../src/report/gather/stored-forms.ts';
import { type Selection, substitute } from '../../../../src/report/promql/placeholders.ts';
import { selectorsIn } from '../../../fixtures/fake-source.ts';

const component = (job: string, nodeLabel: string) => ({
  matchers: [{ label: 'job', operator: '=' as const, value: job }],
  windows: null,
  nodeLabel,
});
const SELECTION: Selection = {
  agent: component('a{x}', 'k8s.node.name'),
  controller: component('c', 'instance'),
  others: [],
};
const DURATIONS = { window: 360, span: 300, interval: 60, step: 300, period: 86_400 };

/** All queries of indicators, by id, as they are sent if metrics are stored as Antrea exposes them. */
const queries = INDICATORS.flatMap(({ id, query, counter, capacity }) => [
  { id, query },
  ...(counter === undefined ? [] : [{ id, query: `max by ($target) (last_over_time(${counter}[$step]))` }]),
  ...(capacity?.query === undefined ? [] : [{ id, query: capacity.query }]),
]).map(({ id, query }) => [id, substitute(query, SELECTION, DURATIONS)] as const);

/** The metrics that a query selects, according to the grammar. Throws for a text that is not PromQL. */
function namesIn(query: string): string[] {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, node, from, to }) => {
      if (type.isError) throw new Error(`"${query.slice(from, to)}" at ${from} of ${query}`);
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name) names.push(query.slice(name.from, name.to));
    },
  });
  return names;
}

const counters = METRICS.filter(({ type, name }) => type === 'counter' && !name.endsWith('_total'));
const histograms = METRICS.filter(({ type }) => type === 'histogram');
const TOTAL: StoredForms = { ...EXPOSED_FORMS, withTotal: new Set(counters.map(({ name }) => name)) };
const NATIVE: StoredForms = { ...EXPOSED_FORMS, native: new Set(histograms.map(({ name }) => name)) };

/** Labels of series without a bucket bound, for each component; `name` is that of a queue. */
const WITHOUT_BOUND = ['a{x}', 'c'].map((job) => ({ job, name: 'internalNetworkPolicy' }));

describe('the names under which a metric may be stored', () => {
  it('are the exposed name and that of the other form', () => {
    expect(storedNames({ name: 'a_count', type: 'counter' })).toEqual(['a_count', 'a_count_total']);
    expect(storedNames({ name: 'a_total', type: 'counter' })).toEqual(['a_total']);
    expect(storedNames({ name: 'a_seconds', type: 'histogram' })).toEqual(['a_seconds_count', 'a_seconds']);
    expect(storedNames({ name: 'a', type: 'gauge' })).toEqual(['a']);
    expect(storedNames({ name: 'a', type: 'monotonic-gauge' })).toEqual(['a']);
  });

  it('determine the forms; if both exist, the exposed form counts', () => {
    const metrics = [
      ...[
        { name: 'one', type: 'counter' as const },
        { name: 'two', type: 'counter' as const },
      ],
      ...[
        { name: 'h', type: 'histogram' as const },
        { name: 'i', type: 'histogram' as const },
      ],
    ];
    const present = new Set(['one_total', 'two', 'two_total', 'h', 'i_count', 'i_bucket', 'i']);
    expect(detectForms(metrics, present)).toEqual({
      withTotal: new Set(['one']),
      native: new Set(['h']),
      withoutBuckets: new Set(),
    });
    expect(detectForms(metrics, new Set())).toEqual(EXPOSED_FORMS);
  });
});

describe('a histogram without stored buckets', () => {
  const metrics = [
    { name: 'h', type: 'histogram' as const },
    { name: 'i_seconds', type: 'histogram' as const },
    { name: 'one_count', type: 'counter' as const },
  ];

  it('is detected by its count, and differs from one that is stored in another form', () => {
    const present = ['h_count', 'h_sum', 'i_seconds', 'one_count'];
    expect(detectForms(metrics, new Set(present)).withoutBuckets).toEqual(new Set(['h']));
    expect(detectForms(metrics, new Set([...present, 'h_bucket'])).withoutBuckets).toEqual(new Set());
    expect(detectForms(metrics, new Set(['i_seconds_count'])).withoutBuckets).toEqual(new Set(['i_seconds']));
    expect(detectForms(metrics, new Set()).withoutBuckets).toEqual(new Set());
  });

  it('is reported for queries that read its buckets, and for no others', () => {
    const forms: StoredForms = { ...EXPOSED_FORMS, withoutBuckets: new Set(['h']) };
    expect(findMissingBuckets('rate(h_bucket{a="b"}[5m]) / rate(h_count{}[5m])', forms)).toBe('h');
    expect(findMissingBuckets('rate(h_sum{a="b"}[5m]) / rate(h_count{}[5m])', forms)).toBeUndefined();
    expect(findMissingBuckets('rate(i_seconds_bucket{}[5m])', forms)).toBeUndefined();
    const all: StoredForms = {
      ...EXPOSED_FORMS,
      withoutBuckets: new Set(histograms.map(({ name }) => name)),
    };
    const lacking = INDICATORS.filter(({ query }) => findMissingBuckets(query, all) !== undefined);
    expect(lacking.map(({ id }) => id).sort()).toEqual([
      'conntrack-poll-duration',
      'policy-queue-wait',
      'policy-sync-tail',
    ]);
    for (const { query } of INDICATORS) expect(findMissingBuckets(query, EXPOSED_FORMS)).toBeUndefined();
  });

  it('does not change the query', () => {
    const forms: StoredForms = {
      ...EXPOSED_FORMS,
      withoutBuckets: new Set(histograms.map(({ name }) => name)),
    };
    for (const [, query] of queries) expect(rewriteQuery(query, forms)).toBe(query);
  });
});

describe('a rewritten query', () => {
  it('is unchanged if nothing is stored in another form', () => {
    for (const [, query] of queries) expect(rewriteQuery(query, EXPOSED_FORMS)).toBe(query);
  });

  it('has the counters of the catalog with _total, and is still PromQL', () => {
    let changed = 0;
    for (const [id, query] of queries) {
      const names = namesIn(query);
      const wanted = names.map((name) => (TOTAL.withTotal.has(name) ? `${name}_total` : name));
      expect(namesIn(rewriteQuery(query, TOTAL)), id).toEqual(wanted);
      if (wanted.some((name, index) => name !== names[index])) changed += 1;
    }
    expect(changed).toBeGreaterThan(4);
  });

  it('has the histograms of the catalog as native ones, without a classic name, and is still PromQL', () => {
    let changed = 0;
    const classic = new Set(
      histograms.flatMap(({ name }) => ['bucket', 'sum', 'count'].map((suffix) => `${name}_${suffix}`)),
    );
    for (const [id, query] of queries) {
      const sent = rewriteQuery(query, NATIVE);
      const names = namesIn(sent);
      expect(
        names.filter((name) => classic.has(name)),
        id,
      ).toEqual([]);
      const before = new Set(namesIn(query).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
      expect(new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))).toEqual(before);
      if (sent === query) continue;
      changed += 1;
      // Native histograms have no series per bound, so no matcher may ask for one. Of the two spellings of bounds in
      // bucketRates, one matches series without bounds.
      expect(sent.replaceAll(/,le(!~|=~)"\.\+\[\.\]0"/g, ''), id).not.toMatch(/\ble[=!]/);
      const picked = selectorsIn(sent).filter(
        ({ name, matches }) => NATIVE.native.has(name ?? '') && WITHOUT_BOUND.some(matches),
      );
      const native = names.filter((name) => NATIVE.native.has(name));
      expect(new Set(picked.map(({ name }) => name)), id).toEqual(new Set(native));
      expect(sent).toMatch(/histogram_(count|sum|fraction|quantile)\(/);
    }
    expect(changed).toBeGreaterThan(5);
  });

  it('counts the observations up to the bound, and keeps matchers and other metrics', () => {
    const forms: StoredForms = { ...EXPOSED_FORMS, native: new Set(['h']) };
    const of = (query: string) => rewriteQuery(query, forms);
    expect(of('sum(increase(h_bucket{a="b",le=~"1|1[.]0"}[5m])) / sum(increase(h_count{a="b"}[5m]))')).toBe(
      'sum((histogram_fraction(-Inf, 1, increase(h{a="b"}[5m])) * histogram_count(increase(h{a="b"}[5m])))) / sum(histogram_count(increase(h{a="b"}[5m])))',
    );
    const total: StoredForms = { ...EXPOSED_FORMS, withTotal: new Set(['c']) };
    expect(rewriteQuery('c{x="c{",y="\\"c{"} + cc{}', total)).toBe('c_total{x="c{",y="\\"c{"} + cc{}');
    expect(of('rate(hh_count{a="b"}[5m]) + rate(h_sum{x="h_count{"}[5m])')).toBe(
      'rate(hh_count{a="b"}[5m]) + histogram_sum(rate(h{x="h_count{"}[5m]))',
    );
  });
});
