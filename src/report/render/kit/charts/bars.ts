import type { Severity } from '../../../model/indicator.ts';
import type { Breach, Span } from '../episodes.ts';
import { element, percent, textElement } from './svg.ts';

/** Minimum width of a block, as a fraction of the bar, so that an episode of one step is visible in a long period. */
const MIN_WIDTH = 0.004;

/** Returns the period as a thin line with a block for each episode, and a mark for each restart. */
export function episodeBar(bar: {
  title: string;
  description: string;
  severity: Severity;
  episodes: readonly Breach[];
  ongoing: boolean;
}): string {
  return element(
    'svg',
    { class: `bar ${bar.severity}`, height: 12, role: 'img' },
    textElement('title', {}, bar.title),
    textElement('desc', {}, bar.description),
    element('rect', { class: 'track', y: 5.5, width: '100%', height: 1 }),
    bar.episodes.map(episodeBlock).join(''),
    bar.ongoing
      ? element(
          'svg',
          { x: '100%', width: 8, height: 12, class: 'ongoing' },
          element('path', { d: 'M1 1l5 5-5 5z' }),
        )
      : '',
  );
}

/** Heights show the severity without colour. */
const EPISODE_HEIGHTS: Readonly<Record<Severity, number>> = { critical: 12, warning: 6 };

function episodeBlock({ from, to, severity, isRestart }: Breach): string {
  if (isRestart && from === to) return restartAt(from, `episode ${severity}`);
  const width = Math.max(to - from, MIN_WIDTH);
  const start = Math.min(from, 1 - width);
  return episodeRect(severity, percent(start), percent(width));
}

function episodeRect(severity: Severity, x: string, width: string): string {
  const height = EPISODE_HEIGHTS[severity];
  return element('rect', { class: `episode ${severity}`, x, y: (12 - height) / 2, width, height });
}

/** Returns a sample of an episode for a legend. */
export function episodeSwatch(severity: Severity): string {
  return element(
    'svg',
    { class: `bar ${severity} swatch`, width: 14, height: 12, 'aria-hidden': 'true' },
    episodeRect(severity, '0', '14'),
  );
}

export type Presence = 'full' | 'partial' | 'none' | 'unknown';

/** Returns how well a target was scraped over the period, with a mark for each process start. */
export function presenceBar(bar: {
  title: string;
  spans: readonly (Span & { presence: Presence })[];
  restarts: readonly number[];
}): string {
  return element(
    'svg',
    { class: 'bar presence', height: 12, role: 'img' },
    textElement('title', {}, bar.title),
    bar.spans.map(presenceSpan).join(''),
    bar.restarts.map((at) => restartAt(at)).join(''),
  );
}

/** Heights show completeness without colour; spans without any scrape are hatched. */
const HEIGHTS: Readonly<Record<Exclude<Presence, 'unknown'>, number>> = { full: 6, partial: 3, none: 6 };

function presenceSpan({ from, to, presence }: Span & { presence: Presence }): string {
  if (presence === 'unknown') return '';
  const width = percent(Math.max(to - from, MIN_WIDTH / 2));
  return presenceBlock(presence, percent(from), width);
}

function presenceBlock(presence: Exclude<Presence, 'unknown'>, x: string, width: string): string {
  const height = HEIGHTS[presence];
  return element('rect', { class: presence, x, y: 12 - height, width, height });
}

/** Returns a sample of a presence bar for its legend. */
export function presenceSwatch(kind: Exclude<Presence, 'unknown'> | 'restart'): string {
  const content =
    kind === 'restart'
      ? element('g', { class: 'restart', transform: 'translate(10 0)' }, restartMark())
      : presenceBlock(kind, '0', '20');
  return element(
    'svg',
    { class: 'bar presence swatch', width: 20, height: 12, 'aria-hidden': 'true' },
    content,
  );
}

function restartAt(at: number, kind = ''): string {
  return element(
    'svg',
    { class: `restart ${kind}`.trim(), x: percent(at), width: 1, height: 12 },
    restartMark(),
  );
}

function restartMark(): string {
  return element('path', { d: 'M0 0v12M-3 0h6l-3 4z' });
}

export function scoreBar(score: number, title: string): string {
  return element(
    'svg',
    { class: 'score-bar', height: 4, role: 'img' },
    textElement('title', {}, title),
    element('rect', { class: 'track', width: '100%', height: 4 }),
    element('rect', { class: 'filled', width: percent(score / 100), height: 4 }),
  );
}

/** Position of the limit; the room after it is for usage beyond the limit. */
const LIMIT_AT = 0.94;

/** Returns how much of a limit is used, and where the limit is. `ratio` 1 is the limit. */
export function usedBar(ratio: number, title: string): string {
  return element(
    'svg',
    { class: 'used-bar', height: 10, role: 'img' },
    textElement('title', {}, title),
    element('rect', { class: 'track', y: 3, width: percent(LIMIT_AT), height: 4 }),
    element('rect', {
      class: 'filled',
      y: 3,
      width: percent(Math.min(1, Math.max(0, ratio) * LIMIT_AT)),
      height: 4,
    }),
    element('rect', { class: 'end', x: percent(LIMIT_AT), width: 1.5, height: 10 }),
  );
}
