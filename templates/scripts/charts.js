// The values of a chart at a point in time, with the mouse, a finger or the arrow keys.

/** @typedef {{ name: string, className: string, values: Map<number, number> }} Line */
/** @typedef {{ plot: SVGSVGElement, lines: Line[], from: number, last: number }} Chart */

/** Points that Page Up and Page Down move by. */
const PAGE = 12;
/** Digits of a value that was read from a path; more would show the error of the multiplication. */
const DIGITS = 12;

const main = document.querySelector('main');
const words = JSON.parse(main?.dataset['words'] ?? '{}');
const times = (main?.dataset['times'] ?? '').split('\n');

/** @type {WeakMap<Element, Chart>} */
const charts = new WeakMap();
const box = document.createElement('div');
box.className = 'tool values';
const rule = document.createElement('div');
rule.className = 'tool moment-rule';
/** @type {SVGSVGElement | null} */
let shown = null;
let at = 0;
let said = '';

for (const svg of /** @type {NodeListOf<SVGSVGElement>} */ (document.querySelectorAll('figure > .chart'))) {
  const title = svg.querySelector('title');
  const description = svg.querySelector('desc');
  // A chart is a slider of time: screen readers give it the arrow keys, and say its text after each of them.
  svg.setAttribute('role', 'slider');
  svg.setAttribute('tabindex', '0');
  svg.setAttribute('aria-label', title?.textContent ?? '');
  svg.setAttribute('aria-description', `${description?.textContent ?? ''} ${words.chartKeys}`);
  svg.setAttribute('aria-valuemin', '0');
  svg.setAttribute('aria-valuemax', String(times.length - 1));
  svg.setAttribute('aria-valuenow', String(times.length - 1));
  svg.setAttribute('aria-valuetext', times.at(-1) ?? '');
  // Its title as a tooltip would cover the values.
  title?.remove();
  svg.addEventListener('pointermove', (event) => point(svg, event));
  svg.addEventListener('pointerdown', (event) => point(svg, event));
  svg.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && document.activeElement !== svg) close();
  });
  svg.addEventListener('keydown', (event) => move(svg, event));
  svg.addEventListener('blur', close);
}

/**
 * @param {SVGSVGElement} svg
 * @param {PointerEvent} event
 */
function point(svg, event) {
  const chart = read(svg);
  const { left, width } = plotBox(svg);
  const share = (event.clientX - svg.getBoundingClientRect().left - left) / width;
  show(svg, chart.from + share * (chart.last - chart.from));
}

/**
 * @param {SVGSVGElement} svg
 * @param {KeyboardEvent} event
 */
function move(svg, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { last } = read(svg);
  const from = shown === svg ? at : last + 1;
  /** @type {Record<string, number>} */
  const targets = {
    ArrowLeft: from - 1,
    ArrowRight: shown === svg ? from + 1 : 1,
    PageUp: from - PAGE,
    PageDown: from + PAGE,
    Home: 1,
    End: last,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    show(svg, target);
    svg.setAttribute('aria-valuetext', said);
    svg.setAttribute('aria-valuenow', String(times.length - 1 - last + at));
  } else if (event.key === 'Escape' && shown !== null) {
    // The filter also listens for this key.
    event.preventDefault();
    close();
  }
}

function close() {
  box.remove();
  rule.remove();
  shown = null;
}

/**
 * Shows the values at a point.
 * @param {SVGSVGElement} svg
 * @param {number} position
 */
function show(svg, position) {
  const { plot, lines, from, last } = read(svg);
  const index = Math.min(last, Math.max(1, Math.round(position)));
  if (shown === svg && at === index) return;
  shown = svg;
  at = index;
  const time = times[times.length - 1 - (last - index)] ?? '';
  const head = document.createElement('strong');
  head.textContent = time;
  const rows = lines.map((line) => {
    const value = line.values.get(index);
    return { ...line, value, text: value === undefined ? words.noData : written(value, plot) };
  });
  const named = rows.filter(({ className }) => className !== '');
  const others = rows.filter(({ className }) => className === '');
  others.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const sorted = [...named, ...others];
  box.replaceChildren(head, ...sorted.map(rowElement));
  const figure = /** @type {HTMLElement} */ (svg.parentElement);
  figure.append(rule, box);
  place(figure, svg, (index - from) / (last - from));
  said = [time, ...sorted.map(({ name, text }) => `${name}: ${text}`)].join('; ');
}

/** @param {{ name: string, className: string, text: string }} row */
function rowElement({ name, className, text }) {
  const row = document.createElement('div');
  row.className = `label ${className || 'grey'}`;
  const label = document.createElement('bdi');
  label.textContent = name;
  const value = document.createElement('span');
  value.textContent = text;
  row.append(document.createElement('i'), label, value);
  return row;
}

/**
 * @param {HTMLElement} figure
 * @param {SVGSVGElement} svg
 * @param {number} share
 */
function place(figure, svg, share) {
  const outer = figure.getBoundingClientRect();
  const inner = svg.getBoundingClientRect();
  const plot = plotBox(svg);
  const x = inner.left - outer.left + plot.left + share * plot.width;
  const y = inner.top - outer.top + plot.top;
  rule.style.left = `${x}px`;
  rule.style.top = `${y}px`;
  rule.style.height = `${plot.height}px`;
  box.style.top = `${y}px`;
  // On the side with more room, but never beyond the page.
  const width = box.offsetWidth;
  const left = x > outer.width / 2 ? x - width - 10 : x + 10;
  box.style.left = `${Math.max(-outer.left, Math.min(left, document.documentElement.clientWidth - outer.left - width))}px`;
}

/**
 * Returns where a chart has its plot: between its paddings, which leave room for labels. The box of the plot itself is
 * only as large as its lines.
 * @param {SVGSVGElement} svg
 */
function plotBox(svg) {
  const style = getComputedStyle(svg);
  const [left, right] = [style.paddingLeft, style.paddingRight].map(Number.parseFloat);
  const { y, height } = read(svg).plot;
  return {
    left: left ?? 0,
    width: svg.getBoundingClientRect().width - (left ?? 0) - (right ?? 0),
    top: y.baseVal.value,
    height: height.baseVal.value,
  };
}

/**
 * Returns the lines of a chart. Paths have one unit of width for each point, and heights in units of `data-step`.
 * @param {SVGSVGElement} svg
 * @returns {Chart}
 */
function read(svg) {
  const known = charts.get(svg);
  if (known !== undefined) return known;
  const plot = /** @type {SVGSVGElement} */ (svg.querySelector('.plot'));
  const { x, width } = plot.viewBox.baseVal;
  /** @type {Line[]} */
  const lines = [];
  for (const group of plot.querySelectorAll('g')) {
    const title = group.querySelector('title');
    const className = /line-\d/.exec(group.querySelector('path')?.getAttribute('class') ?? '')?.[0] ?? '';
    const values = [...group.querySelectorAll('path')].flatMap((path) => pointsOf(path).map(upper));
    lines.push({ name: title?.textContent ?? '', className, values: valuesOf(values, plot) });
    title?.remove();
  }
  // The worst line is drawn last.
  lines.sort((a, b) => a.className.localeCompare(b.className));
  const band = plot.querySelector('.band');
  if (band !== null) lines.push(...bandOf(band, plot));
  const chart = { plot, lines, from: x, last: Math.round(x + width) };
  charts.set(svg, chart);
  return chart;
}

/**
 * @param {Element} band
 * @param {Element} plot
 * @returns {Line[]}
 */
function bandOf(band, plot) {
  const points = pointsOf(band);
  const median = [...plot.querySelectorAll('.median')].flatMap((path) => pointsOf(path).map(upper));
  return [
    { name: words.highest, className: '', values: valuesOf(points.map(upper), plot) },
    { name: words.median, className: '', values: valuesOf(median, plot) },
    { name: words.lowest, className: '', values: valuesOf(points.map(lower), plot) },
  ];
}

/** @typedef {{ x: number, first: number, last: number }} Point `first` and `last` differ in a band */
/** @param {Point} point @returns {[number, number]} */
const upper = ({ x, first }) => [x, first];
/** @param {Point} point @returns {[number, number]} */
const lower = ({ x, last }) => [x, last];

/**
 * @param {[number, number][]} points
 * @param {Element} plot
 */
function valuesOf(points, plot) {
  const step = Number(plot.getAttribute('data-step'));
  return new Map(points.map(([x, y]) => [x, Number((-y * step).toPrecision(DIGITS))]));
}

/**
 * Returns the points of a path. One segment joins points on a straight line.
 * @param {Element} path
 * @returns {Point[]}
 */
function pointsOf(path) {
  /** @type {Map<number, Point>} */
  const points = new Map();
  let x = 0;
  let y = 0;
  const reach = () => points.set(x, { x, first: points.get(x)?.first ?? y, last: y });
  for (const [, command = '', rest = ''] of (path.getAttribute('d') ?? '').matchAll(/([Mlhv])([^Mlhvz]*)/g)) {
    const [a = 0, b = 0] = (rest.match(/-?\d+/g) ?? []).map(Number);
    if (command === 'M') {
      [x, y] = [a, b];
      reach();
      continue;
    }
    const [dx, dy] = command === 'h' ? [a, 0] : command === 'v' ? [0, a] : [a, b];
    const count = Math.abs(dx) || 1;
    for (let passed = 0; passed < count; passed += 1) {
      x += dx / count;
      y += dy / count;
      reach();
    }
  }
  return [...points.values()];
}

/**
 * Returns a value with its unit as the report writes it: src/report/render/kit/numbers.ts.
 * @param {number} value
 * @param {Element} plot
 */
function written(value, plot) {
  const unit = plot.getAttribute('data-unit') ?? '';
  if (unit === 'ratio') return percent(value);
  /** @type {[number, string, string][]} */
  const magnitudes = words.units[unit] ?? [[1, '', '']];
  const [divisor, one, many] =
    magnitudes.findLast(([size]) => Number((Math.abs(value) / size).toPrecision(3)) >= 1) ??
    /** @type {[number, string, string]} */ (magnitudes[0]);
  const amount = value / divisor;
  const size = Math.abs(amount);
  const text = format(
    amount,
    size >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: size < 1 ? 2 : 3 },
  );
  return text + (text === '1' ? one : many);
}

/** @param {number} ratio */
function percent(ratio) {
  const style = /** @type {const} */ ('percent');
  const precise = { style, maximumFractionDigits: 1 };
  if (ratio > 0 && ratio < 0.0005) return `<${format(0.001, precise)}`;
  if (ratio > 0.9 && ratio < 1) return format(Math.floor(ratio * 1000) / 1000, precise);
  return format(ratio, ratio < 0.1 ? precise : { style, maximumFractionDigits: 0 });
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 */
function format(value, options) {
  return new Intl.NumberFormat(words.locale, options).format(value);
}
