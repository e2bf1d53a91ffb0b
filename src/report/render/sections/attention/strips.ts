import { episodeStrip } from '../../kit/charts/strip.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import { breachesOf } from '../../kit/episodes.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import type { Findings } from './finding-groups.ts';

/** So many stretches of a strip are read out to those who do not see it. */
const DESCRIBED = 3;

/** When it was beyond its threshold: of one finding, or of several of one indicator in one. */
export function stripOf(context: Context, findings: Findings, where: string): Markup {
  const { words, format } = context;
  const [{ indicator, severity }] = findings;
  const episodes = findings
    .flatMap((finding) => finding.episodes)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const ranges = episodes
    .slice(0, DESCRIBED)
    .map(({ start, end }) => (start === end ? format.time(start) : format.range(start, end)));
  return markup(
    episodeStrip({
      title: words.chart.strip(`${titleOf(context, indicator)}, ${where}`),
      description: words.attention.episodes(where, ranges, episodes.length - ranges.length),
      severity,
      episodes: breachesOf(context, findings),
      ongoing: findings.some(({ ongoing }) => ongoing),
    }),
  );
}
