import type { Verdict } from '../../report/model/report.ts';
import { element } from '../../report/render/kit/charts/svg.ts';
import type { DigestPoint } from './digest.ts';

/** In pixels of the page. */
export const COURSE = { width: 140, height: 36 } as const;

/** As many as a course can have, so that all have the same scale of time. */
const ROOM = 30;
/** Around the dots. */
const INSET = 5;

/** The list's colours for shapes, all of which can be told from white and from black: the ground is transparent. */
const COLOURS: Readonly<Record<Verdict, string>> = {
  healthy: '#009e73',
  unknown: '#8b929b',
  warning: '#e69f00',
  critical: '#d55e00',
};
const LINE = '#8d969f';
const RADII: Readonly<Record<Verdict, number>> = { healthy: 1.4, unknown: 2.25, warning: 2.5, critical: 2.5 };

/** What is drawn later lies above: the worse, the later. */
const DRAWN: readonly Verdict[] = ['healthy', 'unknown', 'warning', 'critical'];

/**
 * The course of a score as in the list of reports (charts/scores.ts), written for a renderer without stylesheets: its
 * plane reaches from 0 to 100, the newest stands at its right edge, incomplete reports are rings.
 * @param course the latest first
 */
export function courseDrawing(course: readonly DigestPoint[]): string {
  const { width, height } = COURSE;
  const step = (width - 2 * INSET) / (ROOM - 1);
  const points = course.slice(0, ROOM).map(({ score, verdict, complete }, index) => ({
    x: width - INSET - index * step,
    y: height - INSET - (Math.min(100, Math.max(0, score)) / 100) * (height - 2 * INSET),
    verdict,
    complete,
    isLatest: index === 0,
  }));
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height },
    element('rect', { width, height, fill: LINE, 'fill-opacity': 0.14 }),
    element('polyline', {
      points: points.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' '),
      fill: 'none',
      stroke: LINE,
      'stroke-width': 1,
      'stroke-linejoin': 'round',
    }),
    ...DRAWN.flatMap((verdict) =>
      points
        .filter((point) => point.verdict === verdict)
        .map(({ x, y, complete, isLatest }) => {
          const r = RADII[verdict] + (isLatest ? 1 : 0);
          const colour = COLOURS[verdict];
          return complete
            ? element('circle', { cx: x, cy: y, r, fill: colour })
            : element('circle', { cx: x, cy: y, r, fill: 'none', stroke: colour, 'stroke-width': 1.4 });
        }),
    ),
  );
}
