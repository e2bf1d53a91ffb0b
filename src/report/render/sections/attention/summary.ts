import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import type { Context } from '../../kit/context.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { type Kind, kindsOf } from './finding-groups.ts';
import { clauseOf } from './headline.ts';
import { type Follower, INCIDENT_WORDS } from './words.ts';

/** So much of what a story brought is told in its headline, and in a line of the list of all. */
const FOLLOWERS = { headline: 2, summary: 1 } as const;

/**
 * What began, and what came of it that is an alarm in its own right; what is explained is only counted, for it asks for
 * nothing. Where there is one such thing, a headline has room to name it.
 */
export function storyHeadline(
  context: Context,
  [root, ...others]: readonly [Kind, ...Kind[]],
  form: keyof typeof FOLLOWERS = 'headline',
): Phrase {
  const alarms = others.filter(({ explainedBy }) => explainedBy === null);
  const told = alarms.length > 0 || others.length > 1 || form === 'summary' ? alarms : others;
  // The worst are told, in the order in which they came.
  const worst = told.toSorted((a, b) => weight(b) - weight(a)).slice(0, FOLLOWERS[form]);
  const followers = told
    .filter((kind) => worst.includes(kind))
    .map(
      (kind): Follower => ({
        ...clauseOf(context, kind.worst),
        isCaused: kind.isCaused,
        isSamePlace: isSamePlace(kind.findings, root.findings),
      }),
    );
  return INCIDENT_WORDS[context.language].story(clauseOf(context, root.worst), followers, {
    more: told.length - worst.length,
    explained: told.length === 0 ? others.length : 0,
  });
}

/** An incident in a line, without thresholds. */
export function summaryOf(context: Context, incident: Incident): Phrase {
  const [root, ...others] = kindsOf(context.report, incident);
  if (root === undefined) return phrase`${INCIDENT_WORDS[context.language].unknown}`;
  return storyHeadline(context, [root, ...others], 'summary');
}

const weight = ({ severity }: Kind) => (severity === 'critical' ? 1 : 0);

export const whereOf = ({ subject, component }: Finding) => JSON.stringify([subject, component]);

/** The very places where it began: "their" of some among many would be wrong, and "its" of all targets. */
function isSamePlace(some: readonly Finding[], others: readonly Finding[]): boolean {
  const [own, all] = [new Set(some.map(whereOf)), new Set(others.map(whereOf))];
  return (
    own.size === all.size &&
    [...own].every((one) => all.has(one)) &&
    others.every(({ component }) => component !== null)
  );
}
