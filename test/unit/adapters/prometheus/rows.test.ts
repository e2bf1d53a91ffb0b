import { expect, it } from 'vitest';
import { createRows } from '../../../../src/adapters/prometheus/rows.ts';

it.each([1, 288, 40_000, 100_000])('keeps 200 rows of %i values apart', (count) => {
  const createRow = createRows(count);
  const rows = Array.from({ length: 200 }, (_, index) => {
    const row = createRow();
    expect(row.length).toBe(count);
    expect([row[0], row[count - 1]]).toEqual([Number.NaN, Number.NaN]);
    return row.fill(index);
  });
  for (const [index, row] of rows.entries()) expect([row[0], row[count - 1]]).toEqual([index, index]);
});

it('shares buffers among rows, and uses a small one for few rows', () => {
  const createRow = createRows(288);
  const rows = Array.from({ length: 1000 }, createRow);
  expect(rows[0]?.buffer.byteLength).toBeLessThan(16 * 1024);
  expect(new Set(rows.map(({ buffer }) => buffer)).size).toBeLessThan(20);
});
