import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../../src/catalog/indicators/index.ts';
import { matchersOf, quote, type Selection, substitute } from '../../../src/gather/promql.ts';

const selectionOf = (change: Partial<Selection> = {}): Selection => ({
  jobs: { agent: ['antrea-agents'], controller: ['antrea-controllers'] },
  matchers: {},
  nodeLabel: 'node',
  ...change,
});

const DURATIONS = { window: 360, span: 300, interval: 60, step: 300, period: 86_400 };

/** Reads a string literal back by the rules of Go, which are those of PromQL: the way that a server would. */
function unquote(literal: string): string {
  expect(literal).toMatch(/^"(?:[^"\\\n]|\\["\\n])*"$/);
  return literal.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

/** Label values of the kind that break queries, and any others. */
const values = fc.oneof(
  fc.constantFrom(
    'a"b',
    'a\\',
    '\\"',
    'two\nlines',
    'a.b',
    'a|b',
    '.*',
    '$1',
    '$agents',
    '(x)',
    '[a-z]{2}^$',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '|', '.', '*', '$', 'a', '{', '}', '节') }),
);

describe('a quoted label value', () => {
  it('is the value again for whoever reads it', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(unquote(quote(value))).toBe(value);
      }),
    );
  });
});

describe('matchers', () => {
  it('match exactly the jobs they name, whatever characters these hold', () => {
    fc.assert(
      fc.property(fc.uniqueArray(values, { minLength: 2, maxLength: 4 }), values, (jobs, other) => {
        const text = matchersOf(['agent'], selectionOf({ jobs: { agent: jobs, controller: [] } }));
        expect(text).toMatch(/^job=~"/);
        // Prometheus anchors at both ends.
        const expression = new RegExp(`^(?:${unquote(text.slice('job=~'.length))})$`);
        for (const job of jobs) expect(expression.test(job)).toBe(true);
        expect(expression.test(other)).toBe(jobs.includes(other));
      }),
    );
  });

  it('compare with the one job where there is one, and with all further labels', () => {
    fc.assert(
      fc.property(values, values, (job, cluster) => {
        const selection = selectionOf({ jobs: { agent: [job], controller: [job] }, matchers: { cluster } });
        expect(matchersOf(['agent', 'controller'], selection)).toBe(
          `job=${quote(job)},cluster=${quote(cluster)}`,
        );
      }),
    );
  });
});

describe('substitution', () => {
  it('fills in what it knows, in one pass, and leaves alone what is PromQL', () => {
    const selection = selectionOf({ nodeLabel: 'kubernetes_node', matchers: { cluster: '$span $& $1' } });
    expect(
      substitute(
        'label_replace(rate(a{$agents}[$window]), "$nodeLabel", "$1", "i", "(.+)$") + b{$components}[$span] + $period $constructor $windows',
        selection,
        DURATIONS,
      ),
    ).toBe(
      'label_replace(rate(a{job="antrea-agents",cluster="$span $& $1"}[360s]), "kubernetes_node", "$1", "i", "(.+)$")' +
        ' + b{job=~"antrea-agents|antrea-controllers",cluster="$span $& $1"}[300s] + 86400s $constructor $windows',
    );
  });

  it('leaves no placeholder in any query of the catalog, and every group of label_replace', () => {
    const templates = INDICATORS.flatMap(({ query, totalQuery }) => [query, totalQuery ?? '']);
    for (const template of templates) {
      const query = substitute(template, selectionOf(), DURATIONS);
      expect(query).not.toMatch(/\$[a-zA-Z]/);
      expect(query.match(/\$\d/g)).toEqual(template.match(/\$\d/g));
    }
  });
});
