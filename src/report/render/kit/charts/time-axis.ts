import { element, percent, textElement } from './svg.ts';

/** A tick of a time axis. `at` is a share of the period. Minor ticks have no label on a phone. */
export type AxisTick = { at: number; label: string; startsDay: boolean; minor: boolean };

/** A centred label this close to an edge would reach beyond it on a phone, and closer to it everywhere. */
const EDGE = 0.05;
const CLOSE = 0.025;
/** On a phone, a label this close to one at an edge would overlap it. */
const CROWDED = 0.27;

/** The stylesheet has the size of a tick, because a page has hundreds of them. */
export function timeLines(ticks: readonly AxisTick[], y: number): string {
  return ticks.map(({ at }) => element('rect', { class: 'tick', x: percent(at), y })).join('');
}

export function timeLabels(ticks: readonly AxisTick[], y: number, staysWithin = false): string {
  const atEdges = ticks.map(({ at }) => at).filter((at) => at < EDGE || at > 1 - EDGE);
  return ticks
    .map(({ at, label, startsDay, minor }) => {
      const edge = !staysWithin ? '' : at < EDGE ? 'first' : at > 1 - EDGE ? 'last' : '';
      const hasRoom = edge !== '' && at >= CLOSE && at <= 1 - CLOSE;
      const isCrowded = edge === '' && atEdges.some((other) => Math.abs(at - other) < CROWDED);
      const className = [
        'time',
        startsDay ? 'day' : '',
        minor ? 'minor' : '',
        edge,
        hasRoom ? 'with-room' : '',
        isCrowded ? 'crowded' : '',
      ]
        .filter(Boolean)
        .join(' ');
      return textElement('text', { class: className, x: percent(at), y }, label);
    })
    .join('');
}

/** Returns the time axis under a column of bars. */
export function timeAxis(ticks: readonly AxisTick[]): string {
  return element(
    'svg',
    { class: 'hours', height: 18, 'aria-hidden': 'true' },
    timeLines(ticks, 0),
    timeLabels(ticks, 15, true),
  );
}
