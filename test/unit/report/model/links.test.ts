import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillLink, LINK_PLACEHOLDERS, linkProblem } from '../../../../src/report/model/links.ts';

const VALUES = {
  cluster: 'prod',
  indicator: 'cpu-usage',
  node: 'w1',
  query: 'up{job="a b"} > 0',
  start: 1_795_000_000,
  end: 1_795_003_600,
};

describe('a link template', () => {
  it('is filled as Prometheus reads it', () => {
    const link =
      'https://p.example/graph?g0.expr={query}&g0.range_input={seconds}s&g0.end_input={end}#{indicator}';
    const { searchParams, hash } = new URL(fillLink(link, VALUES));
    expect(Object.fromEntries(searchParams)).toEqual({
      'g0.expr': VALUES.query,
      'g0.range_input': '3600s',
      'g0.end_input': '2026-11-18T12:06:40.000Z',
    });
    expect(hash).toBe('#cpu-usage');
  });

  it('can contain JSON', () => {
    const link =
      'https://g.example/explore?panes=%7B%22expr%22:%22{queryInJson}%22,%22from%22:%22{startMilliseconds}%22%7D';
    expect(JSON.parse(new URL(fillLink(link, VALUES)).searchParams.get('panes') ?? '')).toEqual({
      expr: VALUES.query,
      from: '1795000000000',
    });
  });

  it('gives any value back unchanged, and lets none reach another part of the address', () => {
    const template = 'https://p.example/a?x={query}&j={"q":"{queryInJson}"}&n={node}'.replace(
      /\{"q":"|"\}/g,
      (quote) => encodeURIComponent(quote),
    );
    expect(linkProblem(template)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (query, node) => {
        const url = new URL(fillLink(template, { ...VALUES, query, node }));
        expect([url.origin, url.pathname, url.hash]).toEqual(['https://p.example', '/a', '']);
        expect([...url.searchParams.keys()]).toEqual(['x', 'j', 'n']);
        expect(url.searchParams.get('x')).toBe(query);
        expect(JSON.parse(url.searchParams.get('j') ?? '')).toEqual({ q: query });
        expect(url.searchParams.get('n')).toBe(node.toWellFormed());
      }),
    );
  });

  it.each([
    ['javascript:alert({query})', 'is not an http or https address'],
    ['//example.com/{query}', 'is not an http or https address'],
    ['https://{cluster}.example.com/', 'has a placeholder in the name of the host'],
    [
      'https://example.com/{querry}',
      `has the unknown placeholder {querry}; known: {${LINK_PLACEHOLDERS.join('}, {')}}`,
    ],
    ['https://example.com/?a={"x":1}', 'has the unknown placeholder {"x":1}; known: '],
    [
      'https://example.com/?a={query',
      'has a brace without its partner; write braces themselves as %7B and %7D',
    ],
    ['https://example.com/a b', 'is not an http or https address'],
    ['https://me:secret@example.com/', 'contains a user name or password, which every reader would see'],
  ])('%s is refused', (template, problem) => {
    expect(linkProblem(template)).toContain(problem);
  });
});
