import type { Verdict } from '../../../model/report.ts';
import { compactPath } from './path.ts';
import { element, textElement } from './svg.ts';

export type ScorePoint = { score: number; verdict: Verdict; complete: boolean };

/** In drawing order: the worst verdicts are drawn last, over the others. */
const DRAWN: readonly Verdict[] = ['healthy', 'unknown', 'warning', 'critical'];

/**
 * Returns the history of a score, with one point per report, oldest first. It is always 100 units high and as wide as
 * the number of reports that it has room for, with the newest at the right edge. So histories with the same room
 * compare, even if one is shorter.
 */
export function scoreHistory(history: {
  title: string;
  points: readonly ScorePoint[];
  /** Number of reports that it has room for. */
  room: number;
}): string {
  const width = Math.max(1, history.room - 1);
  const points = history.points
    .slice(-(width + 1))
    .map((point, index, { length }) => ({ ...point, x: width + 1 - length + index, y: 100 - point.score }));

  const line = compactPath();
  for (const [index, { x, y }] of points.entries())
    if (index === 0) line.moveTo(x, y);
    else line.lineTo(x, y);

  const dots = (className: string, dotted: typeof points) =>
    dotted.length === 0
      ? ''
      : // A line of length 0 is drawn as its round ends: a dot that keeps its size when the drawing is stretched.
        element('path', { class: className, d: dotted.map(({ x, y }) => `M${x} ${y}h0`).join('') });
  return element(
    'svg',
    { class: 'scores', viewBox: `0 0 ${width} 100`, preserveAspectRatio: 'none', role: 'img' },
    textElement('title', {}, history.title),
    points.length > 1 ? element('path', { class: 'line', d: line.toString() }) : '',
    DRAWN.map((verdict) =>
      dots(
        `point ${verdict}`,
        points.filter((point) => point.verdict === verdict),
      ),
    ).join(''),
    dots(
      'hollow',
      points.filter(({ complete }) => !complete),
    ),
  );
}
