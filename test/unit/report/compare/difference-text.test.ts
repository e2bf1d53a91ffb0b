import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printDifference } from '../../../../src/cli/difference-text.ts';
import { compareReports } from '../../../../src/report/compare/compare-reports.ts';
import { differenceMarkdown } from '../../../../src/report/compare/text/markdown.ts';
import { differenceView } from '../../../../src/report/compare/text/view.ts';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { HOSTILE_NAME, hostileReport } from '../../../fixtures/hostile-names.ts';
import { nothingSeenReport } from '../../../fixtures/nothing-seen.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { withIndicator } from '../render/changed-reports.ts';

function viewOf(first: Report, second: Report, language: Language) {
  const difference = compareReports(
    { report: first, schemaVersion: '3' },
    { report: second, schemaVersion: '4' },
  );
  return differenceView(difference, { first, second }, language);
}

const textOf = (first: Report, second: Report, language: Language = 'en') =>
  printDifference(viewOf(first, second, language), false).replaceAll('\u00a0', ' ');

/** The day after the sample: other thresholds, an indicator that failed, a node that was added. */
function nextDay(): Report {
  const report = depthReport();
  const { period, coverage } = report;
  const [target] = coverage.targets.filter(({ component }) => component === 'agent');
  const next = withIndicator(report, 'local-pod-count', {
    thresholds: { warning: { above: 200, forSeconds: 900 } },
  });
  return withIndicator(
    {
      ...next,
      period: { ...period, start: period.end, end: '2026-11-23T08:00:00Z' },
      coverage: {
        ...coverage,
        targets: [
          ...coverage.targets,
          ...(target ? [{ ...target, subject: 'node-13', node: 'node-13' }] : []),
        ],
      },
    },
    'ovs-flow-operation-errors',
    { status: 'failed', reason: 'timed out' },
  );
}

describe('the text of a difference', () => {
  it.each(LANGUAGES)('has the words of the report in %s', (language) => {
    expect(textOf(sampleReport(), nextDay(), language)).toMatchSnapshot();
  });

  it.each(LANGUAGES)('is short where nothing changed in %s', (language) => {
    expect(
      textOf(sampleReport({ condition: 'healthy' }), sampleReport({ condition: 'healthy' }), language),
    ).toMatchSnapshot();
  });

  it('calls nothing ongoing that is resolved', () => {
    const text = textOf(sampleReport(), sampleReport({ condition: 'healthy' }));
    expect(text).toContain('Local Pods on node-11 (was a warning, 216 Pods) · Sat 19:00–Sun 09:00');
    expect(text).not.toContain('ongoing');
  });

  it('compares clusters without calling anything new or resolved', () => {
    const other = sampleReport({ cluster: 'prod-us-1', nodeName: (index) => `us-${index}` });
    const text = textOf(depthReport(), other);
    expect(text).toContain('prod-eu-1 → prod-us-1 · ');
    expect(text).toContain('\nOnly in prod-us-1\n');
    expect(text).toContain('\nOnly in prod-eu-1\n');
    expect(text).not.toMatch(/\bnew\b|resolved|Nodes added/i);
  });

  it('says that a report found nothing, and has no score for it', () => {
    const text = textOf(sampleReport(), nothingSeenReport({}));
    expect(text).toMatch(/Score 0 → – \/ 100/);
    expect(text).toContain('The second report found no Antrea metrics.');
    expect(text).toContain('? NetworkPolicy sync duration of the controller (was critical, 1.93 s)');
    expect(text).not.toMatch(/^(Better|Resolved)$/m);
  });

  it('colours only marks and headings', () => {
    const text = printDifference(viewOf(sampleReport({ condition: 'healthy' }), sampleReport(), 'en'), true);
    expect(text).toContain('\u001b[1mNew\u001b[0m\n  \u001b[31m✗\u001b[0m NetworkPolicy');
    expect(
      text
        .split('\u001b[')
        .map((part, index) => (index === 0 ? part : part.replace(/^(?:0|1|31|32|33)m/, '')))
        .join(''),
    ).toBe(printDifference(viewOf(sampleReport({ condition: 'healthy' }), sampleReport(), 'en'), false));
  });

  it('has no control characters and no lines from names, whatever they are', () => {
    const plainLines = textOf(sampleReport({ nodes: 4, condition: 'healthy' }), hostileReport('name')).split(
      '\n',
    ).length;
    fc.assert(
      fc.property(HOSTILE_NAME, fc.constantFrom(...LANGUAGES), (name, language) => {
        const view = viewOf(
          { ...sampleReport({ nodes: 4, condition: 'healthy' }) },
          hostileReport(name),
          language,
        );
        const text = printDifference(view, false);
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(text.split('\n').length).toBeLessThanOrEqual(plainLines + 8);
        expect(text).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the Markdown of a difference', () => {
  it('has names as code, which no name can end', () => {
    const named = (cluster: string) =>
      differenceMarkdown(viewOf(sampleReport({ cluster }), sampleReport({ cluster }), 'en')).split('\n')[0];
    expect(named('prod')).toMatch(/^### `prod` · /);
    expect(named('a`b')).toMatch(/^### ``a`b`` · /);
    expect(named('``@team [x](y)')).toMatch(/^### ``` ``@team \[x\]\(y\) ``` · /);
    expect(named('a\n# b')).toMatch(/^### `a # b` · /);
  });

  it('has the lines of the text', () => {
    const [first, second] = [sampleReport(), nextDay()];
    const markdown = differenceMarkdown(viewOf(first, second, 'en')).replaceAll('\u00a0', ' ');
    const lines = textOf(first, second)
      .split('\n')
      .filter((line) => line.startsWith('  '));
    expect(lines.length).toBeGreaterThan(10);
    expect(markdown.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(lines.length);
    expect(markdown).toMatch(/^\*\*New\*\*\n\n- ❌ /m);
  });
});
