import { CAUSE_RULES } from '../../../catalog/causes/index.ts';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-depth.ts';
import type { Clause, Follower } from '../../locales/incidents.ts';
import { INCIDENT_WORDS } from '../../locales/incidents.ts';
import type { Markup } from '../../markup.ts';
import { join, type Phrase, plain, withCode } from '../../phrase.ts';
import { anchorOf, type Context, titleOf } from '../context.ts';
import { clauseOf } from '../headline.ts';
import { placeOf } from '../place.ts';
import { type StatusView, statusView } from '../status.ts';
import type { Kind } from './kinds.ts';
import { stripOf } from './strips.ts';
import { type Moment, timelineOf } from './timeline.ts';

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

/** So much of what a story brought is told in its headline. */
const FOLLOWERS = 2;

export function storyHeadline(context: Context, [root, ...others]: readonly [Kind, ...Kind[]]): Phrase {
  // The worst are told, in the order in which they came.
  const worst = others.toSorted((a, b) => weight(b) - weight(a)).slice(0, FOLLOWERS);
  const followers = others
    .filter((kind) => worst.includes(kind))
    .map(
      (kind): Follower => ({
        ...clauseOf(context, kind.worst),
        isCaused: kind.isCaused,
        isSamePlace: isSamePlace(kind.findings, root.findings),
      }),
    );
  return INCIDENT_WORDS[context.language].story(
    clauseOf(context, root.worst),
    followers,
    others.length - worst.length,
  );
}

function weight({ severity, explainedBy }: Kind): number {
  return (explainedBy === null ? 2 : 0) + (severity === 'critical' ? 1 : 0);
}

const whereOf = ({ subject, component }: Finding) => JSON.stringify([subject, component]);

/** The very places where it began: "their" of some among many would be wrong, and "its" of all targets. */
function isSamePlace(some: readonly Finding[], others: readonly Finding[]): boolean {
  const [own, all] = [new Set(some.map(whereOf)), new Set(others.map(whereOf))];
  return (
    own.size === all.size &&
    [...own].every((one) => all.has(one)) &&
    others.every(({ component }) => component !== null)
  );
}

export function storyOf(context: Context, incident: Incident, kinds: readonly Kind[]): Story {
  const { words } = context;
  const said = INCIDENT_WORDS[context.language];
  const all = new Set(kinds.flatMap(({ findings }) => findings.map(whereOf)));
  const shown = kinds.slice(0, ROWS);
  const { moments, more } = timelineOf(context, incident, all.size === 1);
  return {
    rows: shown.map((kind) => ({
      title: titleOf(context, kind.indicator),
      place: all.size === 1 ? '' : wordsFor(context, kind.worst),
      anchor: anchorOf(context, kind.indicator),
      strip: stripOf(context, kind.findings, wordsFor(context, kind.worst)),
      status: kind.explainedBy === null ? statusView(context, kind.severity) : null,
      explained: kind.explainedBy === null ? '' : said.explainedBy(causeOf(context, kind.explainedBy)),
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

function causeOf(context: Context, id: string): Pick<Clause, 'kind' | 'title' | 'isOwn'> {
  const kinds = { 'process-restarts': 'restarts', 'scrape-coverage': 'missing' } as const;
  const kind = id === 'process-restarts' || id === 'scrape-coverage' ? kinds[id] : 'level';
  return { kind, title: titleOf(context, id), isOwn: !context.indicators.has(id) };
}

/** More would not be read. */
const REASONS = 3;

/** A sentence for each rule that says why; of rules that this version does not know, none. */
function reasonsOf({ language }: Context, { links }: Incident): Phrase[] {
  const ids = new Set(links.map(({ rule }) => rule));
  const rules = CAUSE_RULES.filter(({ id }) => ids.has(id));
  return rules.slice(0, REASONS).map(({ reason }) => withCode(reason[language]));
}
