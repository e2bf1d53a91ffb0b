import type { Finding } from '../../../model/report.ts';
import { episodeBar } from '../../kit/charts/bars.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import { breachesOf } from '../../kit/episodes.ts';
import type { Group } from '../../kit/group.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Episodes that the description of a bar names, for readers who cannot see it. */
const DESCRIBED = 3;

/** Draws when findings of one indicator were beyond its threshold, all in one bar. */
export function episodeBarOf(context: Context, findings: Group<Finding>, place: string): Markup {
  const { format, language, words: shared } = context;
  const words = INCIDENT_WORDS[language];
  const [{ indicator, severity }] = findings;
  const episodes = findings
    .flatMap((finding) => finding.episodes)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const ranges = episodes.slice(0, DESCRIBED).map(({ start, end }) => format.range(start, end));
  return markup(
    episodeBar({
      title: words.barTitle(`${titleOf(context, indicator)}${shared.comma}${place}`),
      description: words.barDescription(place, ranges, episodes.length - ranges.length),
      severity,
      episodes: breachesOf(context, findings),
      ongoing: findings.some(({ ongoing }) => ongoing),
    }),
  );
}
