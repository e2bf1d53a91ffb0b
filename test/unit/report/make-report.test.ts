import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../src/config/settings.ts';
import { openCapture } from '../../../src/report/gather/capture/open.ts';
import { makeReportFromCapture } from '../../../src/report/make-report.ts';
import type { Report, ReportIndicator } from '../../../src/report/model/report.ts';
import { findTypedArrays } from '../../fixtures/typed-arrays.ts';

const pathOf = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/** Returns a short text that differs if any number of an indicator's chart does. */
function chartDigest({ series, envelope }: ReportIndicator): string {
  return createHash('sha256')
    .update(JSON.stringify([series, envelope]))
    .digest('hex')
    .slice(0, 16);
}

/** Returns what was judged, one JSON text per line, without the texts and names that say nothing about the rules. */
function essence(report: Report): string {
  const { verdict, score, complete, indicators, findings, incidents, resolved, changes, capacity } = report;
  const lines = (part: string, items: readonly unknown[]) => items.map((item) => ({ [part]: item }));
  const all = [
    { verdict, score, complete },
    ...indicators.map((indicator) => {
      const { id, status, value, subject } = indicator;
      return { indicator: id, status, value, subject, chart: chartDigest(indicator) };
    }),
    ...lines('finding', findings),
    ...lines('incident', incidents),
    ...lines('resolved', resolved),
    ...lines('change', changes),
    ...lines('capacity', capacity),
  ];
  return all.map((item) => `${JSON.stringify(item)}\n`).join('');
}

describe('the report of the recorded day', () => {
  let report: Report;
  beforeAll(async () => {
    const file = pathOf('examples/twelve-nodes.capture.gz');
    const capture = await openCapture(await openAsBlob(file), file);
    report = await makeReportFromCapture(capture, {
      cluster: 'twelve-nodes',
      settings: resolveSettings({}).report,
      generatedAt: new Date(capture.recordedAt),
    });
  });

  it('has the stored findings and numbers', async () => {
    // If rules or the recorded day change on purpose, add -u to write the file again:
    // npx vitest run --project unit test/unit/report/make-report.test.ts -u
    await expect(essence(report)).toMatchFileSnapshot(pathOf('test/fixtures/expected/twelve-nodes.jsonl'));
  });

  it('has the versions that the images of the containers name', () => {
    expect(report.antrea.images).toEqual({
      versions: [
        { component: 'agent', tag: 'v2.7.0', release: '2.7.0', podsAtEnd: 12 },
        { component: 'controller', tag: 'v2.7.0', release: '2.7.0', podsAtEnd: 1 },
      ],
      upgrades: [],
    });
    expect(report.antrea.defects).toEqual([]);
  });

  it('says nothing about alerts, since the capture was recorded without that question', () => {
    expect(Object.keys(report)).not.toContain('alerts');
    expect(Object.keys(report)).not.toContain('alertsReason');
    expect(report.complete).toBe(true);
  });

  it('contains no series of the answers, so that their memory can be used again', () => {
    expect(findTypedArrays(report)).toEqual([]);
  });
});
