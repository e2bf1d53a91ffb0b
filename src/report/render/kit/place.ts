import type { Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT, PROMETHEUS_SUBJECT } from '../../model/report.ts';
import type { Context } from './context.ts';
import { name, type Phrase, plain } from './phrase.ts';
import type { SubjectLabel } from './words/facts.ts';

/** The subject of a finding, a reading or a line in the document. */
export type Located = {
  subject: string;
  component?: Component | null;
  labels?: Readonly<Record<string, string>>;
};

export function placeOf({ words }: Context, { subject, component, labels = {} }: Located): SubjectLabel {
  const known: Readonly<Record<string, string>> = words.labelValues;
  const values = Object.entries(labels)
    .map(([label, value]) => known[`${label}=${value}`] ?? value)
    .join(', ');
  const kind = kindOf({ subject, component: component ?? null });
  if (kind === 'everything') return { kind, component: null, labels: values };
  if (kind === 'node') return { kind, node: subject, component: component ?? 'agent', labels: values };
  return { kind, labels: values };
}

export function kindOf({ subject, component = null }: Located): SubjectLabel['kind'] {
  if (subject === CONTROLLER_SUBJECT && component !== 'agent') return 'controller';
  // A node may have the name of one of these subjects, but a node always has a component.
  if (component === null && subject === CLUSTER_SUBJECT) return 'cluster';
  return component === null && subject === PROMETHEUS_SUBJECT ? 'everything' : 'node';
}

/** Returns subjects for a sentence, which names or counts them: nodes first, and all in the order of their names. */
export function placesOf(context: Context, located: readonly Located[]): SubjectLabel[] {
  const nodeOf = (place: SubjectLabel) => (place.kind === 'node' ? place.node : '');
  return located
    .map((one) => placeOf(context, one))
    .sort(
      (a, b) =>
        Number(b.kind === 'node') - Number(a.kind === 'node') ||
        compareNames(nodeOf(a), nodeOf(b)) ||
        compareNames(a.labels, b.labels),
    );
}

/** Width of a subject in tables and next to bars, in Latin letters. */
const SHORT_WIDTH = 28;

/** Returns a subject for tables and bars, shortened to `width` Latin letters. */
export function shortPlace(context: Context, located: Located, width: number = SHORT_WIDTH): Phrase {
  const place = placeOf(context, located);
  if (place.kind !== 'node') return context.words.placeShort(place);
  return context.words.placeShort({ ...place, node: shorten(context.hostName(place.node), width) });
}

/** Room at the right end of a line, in Latin letters, and the part of it that labels keep at least. */
const LABEL_WIDTH = 21;
const SUFFIX_WIDTH = 8;

/**
 * Returns the name of a line for its right end.
 * @param isOnly all lines have the same subject, so that only their labels differ
 */
export function lineLabel(context: Context, located: Located, isOnly = false): string {
  const place = placeOf(context, located);
  if (isOnly && place.labels !== '') return plain(name(shorten(place.labels, LABEL_WIDTH)));
  const subject =
    place.kind === 'node'
      ? context.hostName(place.node)
      : plain(context.words.placeShort({ ...place, labels: '' }));
  // Leaves room for a space and an ellipsis, which counts twice.
  const room = Math.max(SUFFIX_WIDTH, LABEL_WIDTH - widthOf(subject) - 2);
  const suffix = place.labels === '' ? '' : ` ${shorten(place.labels, room)}`;
  return `${plain(name(shorten(subject, LABEL_WIDTH - widthOf(suffix))))}${plain(name(suffix))}`;
}

/** Shortens a name to `width` Latin letters. It drops the middle, because names differ at their ends. */
export function shorten(text: string, width: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  if (widthOf(text) <= width) return characters.join('');
  const room = width - 1;
  const end = takeWidth(characters.toReversed(), Math.floor(room / 2)).toReversed();
  const start = takeWidth(characters, room - widthOf(end.join('')));
  return `${start.join('')}…${end.join('')}`;
}

function takeWidth(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += widthOf(character);
    if (used > width) break;
    taken.push(character);
  }
  return taken;
}

/** In Latin letters. Characters beyond the Latin, Greek and Cyrillic scripts count twice, because many are wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1), 0);
}
