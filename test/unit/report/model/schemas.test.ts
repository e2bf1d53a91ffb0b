import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compareReports } from '../../../../src/report/compare/compare-reports.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

/** The published schemas, checked with an independent validator. */
const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

function validator(name: string) {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(read(`docs/${name}`)));
  return (value: unknown) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);
}

describe('docs/report.schema.json', () => {
  const errorsOf = validator('report.schema.json');
  const report = JSON.parse(JSON.stringify(sampleReport()));

  it('accepts a report', () => {
    expect(errorsOf(report)).toEqual([]);
  });

  it.each([
    ['a score above 100', { score: 101 }, '/score'],
    ['an unknown verdict', { verdict: 'fine' }, '/verdict'],
    ['a local time', { generatedAt: '2026-11-21T08:00:00+08:00' }, '/generatedAt'],
    ['another version', { schemaVersion: '5' }, '/schemaVersion'],
    ['an earlier version', { schemaVersion: '3' }, '/schemaVersion'],
    ['an unknown key', { summary: 'text' }, ''],
  ])('refuses %s', (_, change, path) => {
    expect(errorsOf({ ...report, ...change })).toContain(path);
  });
});

describe('docs/diff.schema.json', () => {
  const errorsOf = validator('diff.schema.json');
  const stored = (report: Report) => ({ report, schemaVersion: '4' });
  const difference = JSON.parse(
    JSON.stringify(compareReports(stored(sampleReport({ condition: 'healthy' })), stored(sampleReport()))),
  );

  it('accepts a difference', () => {
    expect(errorsOf(difference)).toEqual([]);
  });

  it.each([
    ['an unknown outcome', { outcome: 'fine' }, '/outcome'],
    ['another version', { version: '2' }, '/version'],
    ['an unknown key', { summary: 'text' }, ''],
  ])('refuses %s', (_, change, path) => {
    expect(errorsOf({ ...difference, ...change })).toContain(path);
  });
});

describe('docs/config.schema.json', () => {
  const errorsOf = validator('config.schema.json');

  it('accepts the example', () => {
    expect(errorsOf(parse(read('examples/antrea-health.yaml')))).toEqual([]);
  });

  it.each([
    ['an unknown key', { clsters: [] }],
    ['a duration in words', { range: '10 minutes' }],
    ['a secret in the file', { prometheus: { bearerToken: 'secret' } }],
  ])('refuses %s', (_, config) => {
    expect(errorsOf(config)).not.toEqual([]);
  });
});
