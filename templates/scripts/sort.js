// Columns of readings and coverage that sort when their heading is pressed: upwards, downwards, as they were.

/** The order of names in the report: src/report/model/names.ts. */
const names = new Intl.Collator('en', { numeric: true });

for (const table of document.querySelectorAll('.readings table, table.presences')) {
  const body = table.querySelector('tbody');
  const original = [...(body?.rows ?? [])];
  if (body === null || original.length < 2) continue;
  const headings = [...table.querySelectorAll('thead th')];
  for (const [column, heading] of headings.entries()) {
    // A bar has no order.
    if (heading.classList.contains('c-presence')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => {
      const next = { none: 'ascending', ascending: 'descending' }[heading.ariaSort ?? 'none'] ?? 'none';
      for (const other of headings) other.removeAttribute('aria-sort');
      if (next !== 'none') heading.setAttribute('aria-sort', next);
      body.append(...(next === 'none' ? original : sorted(original, column, next === 'ascending' ? 1 : -1)));
    });
  }
}

/**
 * Returns the rows in the order of a column; rows without a value are last in both directions.
 * @param {readonly HTMLTableRowElement[]} rows
 * @param {number} column
 * @param {1 | -1} direction
 */
function sorted(rows, column, direction) {
  const keyed = rows.map((row) => {
    const cell = /** @type {HTMLElement} */ (row.cells[column]);
    const text = cell.textContent ?? '';
    return { row, text, isName: cell.tagName === 'TH', value: Number(cell.dataset['value'] ?? text) };
  });
  keyed.sort((a, b) => {
    if (a.isName) return direction * names.compare(a.text, b.text);
    const missing = Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
    return missing || direction * (a.value - b.value) || 0;
  });
  return keyed.map(({ row }) => row);
}
