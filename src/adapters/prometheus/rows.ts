/** Values of the largest buffer: 512 KiB. */
const MAX_SLAB_VALUES = 65_536;

const FIRST_SLAB_ROWS = 4;

/**
 * Returns a function that makes rows of `count` values, all NaN. Hundreds of rows share one buffer, since one for each of
 * 15,000 series is slow to allocate and to collect. A row keeps its whole buffer alive: copy one that outlives the others.
 */
export function createRows(count: number): () => Float64Array {
  const maxRows = Math.max(1, Math.floor(MAX_SLAB_VALUES / Math.max(1, count)));
  let slab = new Float64Array(0);
  let used = 0;
  // Few rows get a small buffer.
  let rows = FIRST_SLAB_ROWS;
  return () => {
    if (used + count > slab.length) {
      slab = new Float64Array(Math.min(rows, maxRows) * count);
      used = 0;
      rows *= 2;
    }
    const row = slab.subarray(used, used + count).fill(Number.NaN);
    used += count;
    return row;
  };
}
