import type { Severity } from '../../../model/indicator.ts';
import { element, percent, textElement } from './svg.ts';

/** A stretch of the period, as shares of it. */
export type Stretch = { from: number; to: number };

/** One bad moment of a long period must still be seen. */
const LEAST_WIDTH = 0.004;

/** The period as a thin line, with the stretches in which something was wrong standing on it. */
export function episodeStrip(strip: {
  title: string;
  description: string;
  severity: Severity;
  /** Of another severity where they say so. */
  episodes: readonly (Stretch & { severity?: Severity })[];
  ongoing: boolean;
}): string {
  return element(
    'svg',
    { class: `strip ${strip.severity}`, height: 12, role: 'img' },
    textElement('title', {}, strip.title),
    textElement('desc', {}, strip.description),
    element('rect', { class: 'track', y: 5.5, width: '100%', height: 1 }),
    strip.episodes.map(block).join(''),
    strip.ongoing
      ? element(
          'svg',
          { x: '100%', width: 8, height: 12, class: 'ongoing' },
          element('path', { d: 'M1 1l5 5-5 5z' }),
        )
      : '',
  );
}

function block({ from, to, severity }: Stretch & { severity?: Severity }): string {
  const width = Math.max(to - from, LEAST_WIDTH);
  const start = Math.min(from, 1 - width);
  const className = severity === undefined ? 'episode' : `episode ${severity}`;
  return element('rect', { class: className, x: percent(start), width: percent(width), height: 12 });
}

export type Presence = 'full' | 'partial' | 'none' | 'unknown';

/** How well a target was scraped over the period; a mark for each start of a process. */
export function presenceStrip(strip: {
  title: string;
  runs: readonly (Stretch & { presence: Presence })[];
  restarts: readonly number[];
}): string {
  return element(
    'svg',
    { class: 'strip presence', height: 12, role: 'img' },
    textElement('title', {}, strip.title),
    strip.runs
      .filter(({ presence }) => presence !== 'unknown')
      .map(({ from, to, presence }) => presenceRun(from, to, presence))
      .join(''),
    strip.restarts
      .map((at) => element('svg', { class: 'restart', x: percent(at), width: 1, height: 12 }, restartMark()))
      .join(''),
  );
}

/** As tall as it was complete, so that it also reads without colour; where there was nothing, hatched. */
const HEIGHTS: Readonly<Record<Exclude<Presence, 'unknown'>, number>> = { full: 6, partial: 3, none: 6 };

function presenceRun(from: number, to: number, presence: Presence): string {
  if (presence === 'unknown') return '';
  const width = percent(Math.max(to - from, LEAST_WIDTH / 2));
  return presenceBlock(presence, percent(from), width);
}

function presenceBlock(presence: Exclude<Presence, 'unknown'>, x: string, width: string): string {
  const height = HEIGHTS[presence];
  return element('rect', { class: presence, x, y: 12 - height, width, height });
}

/** What the marks of a presence strip look like, for its legend. */
export function presenceSwatch(kind: Exclude<Presence, 'unknown'> | 'restart'): string {
  const content =
    kind === 'restart'
      ? element('g', { class: 'restart', transform: 'translate(10 0)' }, restartMark())
      : presenceBlock(kind, '0', '20');
  return element(
    'svg',
    { class: 'strip presence swatch', width: 20, height: 12, 'aria-hidden': 'true' },
    content,
  );
}

function restartMark(): string {
  return element('path', { d: 'M0 0v12M-3 0h6l-3 4z' });
}
