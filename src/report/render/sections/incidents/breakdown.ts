import { CAUSE_RULES } from '../../../catalog/causes/index.ts';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import type { Group } from '../../kit/group.ts';
import type { Markup } from '../../kit/markup.ts';
import { join, type Phrase, plain, withCode } from '../../kit/phrase.ts';
import { placesOf } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { episodeBarOf } from './episode-bars.ts';
import type { FindingGroup } from './finding-groups.ts';
import { causeOf } from './headline.ts';
import { processKey } from './summary.ts';
import { type Moment, timelineOf } from './timeline.ts';
import { INCIDENT_WORDS } from './words.ts';

/** An incident with several groups of findings: a bar per group, the timeline, and why they belong together. */
export type Breakdown = {
  rows: {
    title: string;
    /** Empty where all groups have the same place. */
    place: string;
    anchor: string;
    bar: Markup;
    /** Null for an explained group, which has a cause instead. */
    status: StatusView | null;
    causedBy: string;
  }[];
  more: string;
  timeline: string;
  moments: Moment[];
  moreMoments: string;
  why: string;
  /** Empty where no rule states a reason. */
  reasons: Phrase;
};

/** Groups with a bar. An incident with more is an outage, where the beginning matters. */
const ROWS = 8;

export function breakdownOf(context: Context, incident: Incident, groups: Group<FindingGroup>): Breakdown {
  const words = INCIDENT_WORDS[context.language];
  const shown = groups.slice(0, ROWS);
  const processes = new Set(groups.flatMap(({ findings }) => findings.map(processKey)));
  const hasOnePlace = processes.size === 1;
  const { moments, more } = timelineOf(context, incident, hasOnePlace);
  return {
    rows: shown.map((group) => {
      const place = placeText(context, group.worst);
      return {
        title: titleOf(context, group.indicator),
        place: hasOnePlace ? '' : place,
        anchor: anchorOf(context, group.indicator),
        bar: episodeBarOf(context, group.findings, place),
        status: group.explainedBy === null ? statusView(context, group.severity) : null,
        causedBy: causeText(context, group.explainedBy, groups[0].indicator),
      };
    }),
    more: groups.length > shown.length ? context.words.more(groups.length - shown.length) : '',
    timeline: words.timeline,
    moments,
    moreMoments: more > 0 ? context.words.more(more) : '',
    why: words.why,
    reasons: join(reasonsOf(context, incident), context.words.sentenceSpace),
  };
}

function causeText(context: Context, explainedBy: string | null, first: string): string {
  if (explainedBy === null) return '';
  const words = INCIDENT_WORDS[context.language];
  const cause = causeOf(context, explainedBy);
  return explainedBy === first ? words.causedByFirst(cause) : words.causedBy(cause);
}

function placeText(context: Context, findings: Group<Finding>): string {
  const places = placesOf(context, findings);
  const [only] = places;
  return only !== undefined && places.length === 1
    ? plain(context.words.placeShort(only))
    : context.words.places(places);
}

/** Reasons that are shown. */
const REASONS = 3;

/** Returns a sentence for each rule that links findings; none for rules that this version does not know. */
function reasonsOf({ language }: Context, { links }: Incident): Phrase[] {
  const ids = new Set(links.map(({ rule }) => rule));
  const rules = CAUSE_RULES.filter(({ id }) => ids.has(id));
  return rules.slice(0, REASONS).map(({ reason }) => withCode(reason[language]));
}
