// A bar that filters incidents, indicators and rows by status, node and text.

/** @typedef {{ status: string, nodes: Set<number> | null, text: string[] }} Wanted */

const main = document.querySelector('main');
const words = JSON.parse(main?.dataset['words'] ?? '{}');
const nodeNames = (main?.dataset['nodeNames'] ?? '').split('\n').filter((name) => name !== '');

/** Everything with a status. */
const ENTRIES = [...document.querySelectorAll('.entry')];
const INDICATORS = [...document.querySelectorAll('.indicator, .compact, .absent [id]')];
const OTHERS = [...document.querySelectorAll('.check, .silenced .row')];
/** Rows that are about one incident or indicator, and shown with it. */
const LINKED = [...document.querySelectorAll('.incident-list li, .overview tbody tr')];
/** The headings of groups of rows. */
const HEADINGS = /** @type {NodeListOf<HTMLTableCellElement>} */ (
  document.querySelectorAll('.overview tbody th.c-section')
);
/** Rows with text, and in most cases with nodes. */
const ROWS = [
  ...document.querySelectorAll(
    '.node-strip [data-nodes], .alerts tbody tr, .changes li, .capacity tbody tr, .presences tbody tr, .gaps > div, .metrics tbody tr:not(.group)',
  ),
];
/** Rows of an indicator that is shown. */
const READINGS = [...document.querySelectorAll('.readings tbody tr')];
/** What is empty without its rows, the innermost first. */
const GROUPS = [
  ...document.querySelectorAll(
    '.metrics tbody, .absent .group, .incident-list, .compact-column, .compact-list',
  ),
  ...document.querySelectorAll(
    '.node-strip, .alerts table, .capacity table, .presences, .gaps, main > .part',
  ),
];

/** @type {WeakMap<Element, string>} */
const texts = new WeakMap();

const bar = document.createElement('form');
bar.className = 'tool filter';
bar.setAttribute('role', 'search');
bar.setAttribute('aria-label', words.filter);
bar.autocomplete = 'off';
const status = document.createElement('select');
const node = document.createElement('input');
const text = document.createElement('input');
const count = document.createElement('output');
const clear = document.createElement('button');

if (main !== null && ENTRIES.length + INDICATORS.length > 0) build(main);

/** @param {HTMLElement} page */
function build(page) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const item of [...ENTRIES, ...INDICATORS, ...OTHERS]) found.set(statusOf(item), statusWord(item));
  // Silences that no finding met have no status.
  found.delete('');
  status.append(
    new Option(words.allStatuses, ''),
    ...[...found].map(([kind, word]) => new Option(word, kind)),
  );
  status.setAttribute('aria-label', words.status);
  const list = document.createElement('datalist');
  list.id = 'filter_nodes';
  node.setAttribute('list', list.id);
  for (const [input, label] of /** @type {const} */ ([
    [node, words.node],
    [text, words.text],
  ])) {
    input.type = 'search';
    input.placeholder = label;
    input.setAttribute('aria-label', label);
  }
  // Thousands of names are only needed by those who look for one.
  node.addEventListener('focus', () => {
    if (list.childElementCount === 0) list.append(...nodeNames.map((name) => new Option(name)));
  });
  clear.type = 'button';
  clear.textContent = words.clear;
  clear.addEventListener('click', reset);
  bar.append(status, node, text, list, count, clear);
  bar.addEventListener('input', apply);
  bar.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && isActive()) reset();
  });
  document.addEventListener(
    'click',
    ({ target }) => {
      const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
      if (link !== null) reveal(link.getAttribute('href') ?? '');
    },
    true,
  );
  // Paper has all rows.
  addEventListener('beforeprint', () => spanGroups(() => true));
  addEventListener('afterprint', () => spanGroups(isShown));
  addEventListener('hashchange', () => reveal(location.hash)?.scrollIntoView());
  page.prepend(bar);
  apply();
}

function isActive() {
  return status.value !== '' || node.value.trim() !== '' || text.value.trim() !== '';
}

function reset() {
  status.value = '';
  node.value = '';
  text.value = '';
  apply();
}

/**
 * Clears the filter if it hides the target of an address, and returns the target then.
 * @param {string} hash
 */
function reveal(hash) {
  const target = document.getElementById(hash.slice(1));
  if (target === null || target.closest('.filtered') === null) return null;
  reset();
  return target;
}

function apply() {
  /** @type {Wanted} */
  const wanted = {
    status: status.value,
    nodes: wantedNodes(node.value.trim().toLowerCase()),
    text: text.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
  };
  for (const item of [...ENTRIES, ...INDICATORS, ...OTHERS])
    toggle(item, hasStatus(item, wanted) && isAbout(item, wanted, true) && hasText(item, wanted));
  for (const row of LINKED) toggle(row, isShown(targetOf(row)));
  for (const row of ROWS) {
    const target = targetOf(row);
    toggle(
      row,
      (target === null || hasStatus(target, wanted)) && isAbout(row, wanted, false) && hasText(row, wanted),
    );
  }
  for (const row of READINGS) toggle(row, isAbout(row, wanted, false) || isAboutNone(row, wanted));
  for (const group of GROUPS) toggle(group, true);
  for (const group of GROUPS) toggle(group, hasShown(group));
  spanGroups(isShown);
  const isFiltered = isActive();
  clear.hidden = !isFiltered;
  count.textContent = isFiltered
    ? [counted(INDICATORS, words.indicators), counted(ENTRIES, words.incidents)]
        .filter(Boolean)
        .join(words.comma)
    : '';
}

/**
 * Puts the heading of each group of rows into the first one that has a place.
 * @param {(row: Element) => boolean} hasPlace
 */
function spanGroups(hasPlace) {
  for (const heading of HEADINGS) {
    const rows = [...(heading.closest('tbody')?.rows ?? [])].filter(hasPlace);
    rows[0]?.prepend(heading);
    heading.rowSpan = Math.max(1, rows.length);
  }
}

/**
 * Returns the places of the nodes with this name, or with names that contain it; null for all.
 * @param {string} name
 */
function wantedNodes(name) {
  if (name === '') return null;
  const places = [...nodeNames.keys()];
  const lower = (/** @type {number} */ place) => (nodeNames[place] ?? '').toLowerCase();
  const exact = places.filter((place) => lower(place) === name || name.startsWith(`${lower(place)}.`));
  return new Set(exact.length > 0 ? exact : places.filter((place) => lower(place).includes(name)));
}

/** @param {Element} item */
function statusElement(item) {
  return item.querySelector('.status') ?? item.closest('.group')?.querySelector('.status');
}

/** @param {Element} item */
function statusOf(item) {
  return statusElement(item)?.classList.item(1) ?? '';
}

/** @param {Element} item */
function statusWord(item) {
  return statusElement(item)?.textContent ?? '';
}

/** @param {Element} item @param {Wanted} wanted */
function hasStatus(item, wanted) {
  return wanted.status === '' || statusOf(item) === wanted.status;
}

/**
 * Whether something is about a wanted node. Without nodes it is about none, or about all.
 * @param {Element} item @param {Wanted} wanted @param {boolean} needsNodes
 */
function isAbout(item, { nodes }, needsNodes) {
  if (nodes === null) return true;
  const set = item instanceof HTMLElement ? item.dataset['nodes'] : undefined;
  if (set === undefined) return !needsNodes;
  return set.split(' ').some((range) => {
    const [first = NaN, last = first] = range.split('-').map((place) => Number.parseInt(place, 36));
    for (const place of nodes) if (place >= first && place <= last) return true;
    return false;
  });
}

/** Whether no row of a table is about a wanted node: a chart is, and the table keeps its rows. @param {Element} row @param {Wanted} wanted */
function isAboutNone(row, wanted) {
  return [...(row.parentElement?.children ?? [])].every((other) => !isAbout(other, wanted, false));
}

/** @param {Element} item @param {Wanted} wanted */
function hasText(item, wanted) {
  if (wanted.text.length === 0) return true;
  const known = texts.get(item) ?? (item.textContent ?? '').toLowerCase();
  texts.set(item, known);
  return wanted.text.every((word) => known.includes(word));
}

/** Returns the incident or indicator that a row links to. @param {Element} row */
function targetOf(row) {
  const address = row.querySelector('a[href^="#"]')?.getAttribute('href') ?? '';
  return document.getElementById(address.slice(1))?.closest('article, .absent [id]') ?? null;
}

/** @param {Element | null} item */
function isShown(item) {
  return item === null || !item.classList.contains('filtered');
}

/** Whether a group has something that is shown, or nothing that could be hidden. @param {Element} group */
function hasShown(group) {
  const items = group.querySelectorAll(
    '.entry, .indicator, .compact, .absent [id], .check, .silenced .row, .incident-list li, tbody tr, [data-nodes], .gaps > div',
  );
  return items.length === 0 || [...items].some((item) => item.closest('.filtered') === null);
}

/** @param {Element} item @param {boolean} isWanted */
function toggle(item, isWanted) {
  item.classList.toggle('filtered', !isWanted);
}

/** @param {readonly Element[]} items @param {string} noun */
function counted(items, noun) {
  if (items.length === 0) return '';
  return noun.replace('{shown}', String(items.filter(isShown).length)).replace('{all}', String(items.length));
}
