import type { Verdict } from '../../report/model/report.ts';
import { element } from '../../report/render/kit/charts/svg.ts';
import type { ScorePoint } from './digest.ts';

/** Pixels of the page. */
export const SCORE_HISTORY_SIZE = { width: 140, height: 36 } as const;

/** Number of reports in a full history; the same for every cluster, so that all have the same time scale. */
const ROOM = 30;

/** Pixels between the outermost dots and the edge. */
const INSET = 5;

/** The colours of the reports page; all are visible on white and on black, because the background is transparent. */
const COLOURS: Readonly<Record<Verdict, string>> = {
  healthy: '#009e73',
  unknown: '#8b929b',
  warning: '#e69f00',
  critical: '#d55e00',
};
const LINE = '#8d969f';
const RADII: Readonly<Record<Verdict, number>> = { healthy: 1.4, unknown: 2.25, warning: 2.5, critical: 2.5 };

/** The worst is drawn last, and so above the others. */
const DRAWING_ORDER: readonly Verdict[] = ['healthy', 'unknown', 'warning', 'critical'];

/**
 * Returns the score history as SVG for a renderer without stylesheets. It looks like that of the reports page, which
 * render/kit/charts/score-history.ts draws: 0 to 100, with the latest report on the right and incomplete ones as rings.
 * @param history latest first
 */
export function drawScoreHistory(history: readonly ScorePoint[]): string {
  const { width, height } = SCORE_HISTORY_SIZE;
  const step = (width - 2 * INSET) / (ROOM - 1);
  const points = history.slice(0, ROOM).map(({ score, verdict, complete }, index) => ({
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
    ...DRAWING_ORDER.flatMap((verdict) =>
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
