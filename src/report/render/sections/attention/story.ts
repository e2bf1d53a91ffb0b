import { CAUSE_RULES } from '../../../catalog/causes/index.ts';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import type { Markup } from '../../kit/markup.ts';
import { join, type Phrase, plain, withCode } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { causeOf } from './cause.ts';
import type { Kind } from './finding-groups.ts';
import { stripOf } from './strips.ts';
import { whereOf } from './summary.ts';
import { type Moment, timelineOf } from './timeline.ts';
import { INCIDENT_WORDS } from './words.ts';

/** An incident of several kinds of findings: what came of what. */
export type Story = {
  rows: {
    title: string;
    /** Where it was, unless all of it was in one place. */
    place: string;
    anchor: string;
    strip: Markup;
    /** Null where it is explained. */
    status: StatusView | null;
    explained: string;
  }[];
  more: string;
  courseOfEvents: string;
  moments: Moment[];
  moreMoments: string;
  why: string;
  /** Empty where nothing is known of that. */
  reasons: Phrase;
};

/** So many kinds get a strip; an incident of more is an outage, whose beginning is what counts. */
const ROWS = 8;

export function storyOf(context: Context, incident: Incident, kinds: readonly Kind[]): Story {
  const { words } = context;
  const said = INCIDENT_WORDS[context.language];
  const all = new Set(kinds.flatMap(({ findings }) => findings.map(whereOf)));
  const shown = kinds.slice(0, ROWS);
  const first = kinds[0]?.indicator;
  const explainedText = (by: string | null) => {
    if (by === null) return '';
    const cause = causeOf(context, by);
    return by === first ? said.explainedByFirst(cause) : said.explainedBy(cause);
  };
  const { moments, more } = timelineOf(context, incident, all.size === 1);
  return {
    rows: shown.map((kind) => ({
      title: titleOf(context, kind.indicator),
      place: all.size === 1 ? '' : wordsFor(context, kind.worst),
      anchor: anchorOf(context, kind.indicator),
      strip: stripOf(context, kind.findings, wordsFor(context, kind.worst)),
      status: kind.explainedBy === null ? statusView(context, kind.severity) : null,
      explained: explainedText(kind.explainedBy),
    })),
    more: kinds.length > shown.length ? words.attention.more(kinds.length - shown.length) : '',
    courseOfEvents: said.courseOfEvents,
    moments,
    moreMoments: more > 0 ? said.more(more) : '',
    why: said.why,
    reasons: join(reasonsOf(context, incident), words.sentenceSpace),
  };
}

function wordsFor({ words, ...context }: Context, findings: readonly Finding[]): string {
  const places = findings.map((finding) => placeOf({ words, ...context }, finding));
  const [only] = places;
  return only !== undefined && places.length === 1 ? plain(words.placeShort(only)) : words.places(places);
}

/** More would not be read. */
const REASONS = 3;

/** A sentence for each rule that says why; of rules that this version does not know, none. */
function reasonsOf({ language }: Context, { links }: Incident): Phrase[] {
  const ids = new Set(links.map(({ rule }) => rule));
  const rules = CAUSE_RULES.filter(({ id }) => ids.has(id));
  return rules.slice(0, REASONS).map(({ reason }) => withCode(reason[language]));
}
