import type { Verdict } from '../../../model/report.ts';
import { compactPath } from './path.ts';
import { element, textElement } from './svg.ts';

export type ScorePoint = { score: number; verdict: Verdict; complete: boolean };

/** What is drawn later lies above: the worse, the later. */
const DRAWN: readonly Verdict[] = ['healthy', 'unknown', 'warning', 'critical'];

/**
 * The course of a score, oldest first, a point per report. Its plane is 100 units high, whatever the scores are, and
 * as many units wide as there is room for reports; the newest stands at its right edge. So courses of the same room
 * compare, also where one is shorter.
 */
export function scoreCourse(course: {
  title: string;
  points: readonly ScorePoint[];
  /** How many reports there is room for. */
  room: number;
}): string {
  const width = Math.max(1, course.room - 1);
  const points = course.points
    .slice(-(width + 1))
    .map((point, index, { length }) => ({ ...point, x: width + 1 - length + index, y: 100 - point.score }));

  const line = compactPath();
  for (const [index, { x, y }] of points.entries())
    if (index === 0) line.moveTo(x, y);
    else line.lineTo(x, y);

  const dots = (className: string, of: typeof points) =>
    of.length === 0
      ? ''
      : // A line of no length is drawn as its round ends: a dot of the same size however the plane is stretched.
        element('path', { class: className, d: of.map(({ x, y }) => `M${x} ${y}h0`).join('') });
  return element(
    'svg',
    { class: 'scores', viewBox: `0 0 ${width} 100`, preserveAspectRatio: 'none', role: 'img' },
    textElement('title', {}, course.title),
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
