import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFindings } from '../../../../src/report/model/all-rows.ts';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { COLUMNS, renderCsv } from '../../../../src/report/render/csv/render.ts';
import { visible } from '../../../../src/report/render/kit/phrase.ts';
import { HOSTILE_NAME, hostileReport } from '../../../fixtures/hostile-names.ts';
import { largeReport, wholeReport } from '../../../fixtures/large-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { withIndicator } from './changed-reports.ts';

type Row = Record<(typeof COLUMNS)[number], string>;

/** Reads the table as another program does. It refuses quotes inside of cells, and rows of different lengths. */
const rowsOf = (text: string, options: object = {}): Row[] =>
  parse(text, { columns: true, record_delimiter: '\r\n', ...options });

const tableOf = (report: Report, language: Language = 'en') =>
  rowsOf(renderCsv(report, language), { bom: true });

const readingsOf = (rows: readonly Row[], id: string) =>
  rows.filter(({ kind, indicator }) => kind === 'reading' && indicator === id);

describe('the table of a report', () => {
  const report = sampleReport();
  const rows = tableOf(report);

  it('has a row for each finding, with machine names and plain numbers', () => {
    const findings = rows.filter(({ kind }) => kind === 'finding');
    expect(findings.map(({ subject }) => subject)).toEqual(allFindings(report).map(({ subject }) => subject));
    expect(findings.find(({ indicator }) => indicator === 'ovs-flow-operation-errors')).toMatchObject({
      cluster: 'prod-eu-1',
      period_start: '2026-11-21T08:00:00Z',
      title: 'OVS flow operation errors',
      section: 'datapath',
      component: 'agent',
      subject: 'node-07',
      labels: '{operation="add"}',
      status: 'critical',
      value: '14',
      unit: 'failed-bundles',
      threshold: '0',
      condition: 'above',
      explained: 'false',
    });
    for (const { start, end, value, duration_seconds } of findings) {
      expect(`${start} ${end}`).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ?){2}$/);
      expect(`${value} ${duration_seconds}`).toMatch(/^\d+(\.\d+)? \d+$/);
    }
  });

  it('has a row for each reading, also for those that are missing', () => {
    for (const { id, readings, missing } of report.indicators)
      expect(readingsOf(rows, id), id).toHaveLength(Math.max(1, readings.length + missing.length));
    const gone = { ...report.indicators[0], readings: [], status: 'failed' as const };
    const [failed] = readingsOf(tableOf(withIndicator(report, 'missing-agents', gone)), 'missing-agents');
    expect(failed).toMatchObject({ subject: '', status: 'failed', value: '' });
    const missing = [{ subject: 'node-99', component: 'agent' as const }];
    const other = tableOf(withIndicator(report, 'cpu-usage', { missing }));
    expect(readingsOf(other, 'cpu-usage').at(-1)).toMatchObject({
      subject: 'node-99',
      status: 'no-data',
      value: '',
    });
  });

  it('has the titles in the language of the report, and a mark that makes Excel read Chinese', () => {
    const chinese = renderCsv(report, 'zh-CN');
    expect([chinese.charCodeAt(0), renderCsv(report, 'en').slice(0, 4)]).toEqual([0xfeff, 'kind']);
    const [first] = rowsOf(chinese, { bom: true });
    expect([first?.indicator, first?.title]).toEqual([
      'network-policy-sync-duration',
      'NetworkPolicy 同步耗时',
    ]);
    // Everything else is the same.
    const untitled = (all: readonly Row[]) => all.map((row) => ({ ...row, title: '' }));
    expect(untitled(tableOf(report, 'zh-CN'))).toEqual(untitled(rows));
  });

  it('has the same rows where the report has them in columns', () => {
    const options = { condition: 'upgrade', nodes: 200 } as const;
    const keys = (all: readonly Row[]) =>
      all.map(({ kind, indicator, subject, status }) => `${kind} ${indicator} ${subject} ${status}`).sort();
    const whole = tableOf(wholeReport(options));
    expect(whole.length).toBeGreaterThan(4000);
    expect(keys(tableOf(largeReport(options)))).toEqual(keys(whole));
  });

  it('has the columns that the documentation describes, in its order', () => {
    const page = readFileSync(new URL('../../../../docs/outputs.md', import.meta.url), 'utf8');
    const [, section = ''] = /^## CSV$(.*?)^## /ms.exec(page) ?? [];
    const described = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(described).toEqual([...COLUMNS]);
  });
});

describe('names from outside', () => {
  /** What a spreadsheet that separates cells by semicolons or tabs makes of the text. */
  const cellsElsewhere = (text: string) => text.split(/[;\t\r\n]/).map((cell) => cell.replace(/^[\s"]+/, ''));
  const isFormula = (cell: string) => /^[=+\-@＝＋－＠]/.test(cell.trimStart());

  it('stay in their cells and never become formulas', () => {
    fc.assert(
      fc.property(HOSTILE_NAME, fc.constantFrom<Language>('en', 'zh-CN'), (name, language) => {
        const report = hostileReport(name);
        const text = renderCsv(report, language);
        const rows = rowsOf(text, { bom: true });
        const numbers = new Set([
          'value',
          'last',
          'median',
          'value_before',
          'value_week_before',
          'threshold',
          'usual',
        ]);
        for (const row of rows)
          for (const [column, cell] of Object.entries(row))
            if (!numbers.has(column) && isFormula(cell))
              throw new Error(`${column}: ${JSON.stringify(cell)}`);
        expect(cellsElsewhere(text).filter(isFormula)).toEqual([]);
        // Only apostrophes are added.
        const plain = (given: string | undefined) => visible(given ?? '').replaceAll("'", '');
        const findings = rows.filter(({ kind }) => kind === 'finding');
        expect(findings.map(({ subject }) => plain(subject))).toEqual(
          allFindings(report).map(({ subject }) => plain(subject)),
        );
        expect(plain(rows[0]?.cluster)).toBe(plain(name));
      }),
      { numRuns: 80 },
    );
  });

  it('are unchanged where they are harmless', () => {
    const report = sampleReport({ nodes: 2, nodeName: (index) => `10.0.0.${index} a, "b" - 节点` });
    const subjects = new Set(tableOf(report).map(({ subject }) => subject));
    expect(subjects).toContain('10.0.0.1 a, "b" - 节点');
  });
});
