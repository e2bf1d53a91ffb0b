import type { Component } from '../../model/indicator.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT, PROMETHEUS_SUBJECT } from '../../model/report.ts';
import type { Context } from './context.ts';
import { name, type Phrase, plain } from './phrase.ts';
import type { SubjectLabel } from './words/words.ts';

export type Located = {
  subject: string;
  component?: Component | null;
  labels?: Readonly<Record<string, string>>;
};

/** Whom a finding, a reading or a line speaks of. */
export function placeOf({ words }: Context, { subject, component, labels = {} }: Located): SubjectLabel {
  const shown = Object.entries(labels)
    .map(([label, value]) => words.labelValue(label, value))
    .join(', ');
  if (subject === CONTROLLER_SUBJECT && component !== 'agent') return { kind: 'controller', labels: shown };
  // Lines have no component to say; a node may be called like either of these, but it has one.
  const hasNone = component === null || component === undefined;
  if (hasNone && subject === CLUSTER_SUBJECT) return { kind: 'cluster', labels: shown };
  if (hasNone && subject === PROMETHEUS_SUBJECT)
    return { kind: 'everything', component: null, labels: shown };
  return { kind: 'node', node: subject, component: component ?? 'agent', labels: shown };
}

/** For tables and strips: the name as short as it can be and still be known. In Latin letters. */
const SHORT_WIDTH = 28;

export function shortPlace(context: Context, located: Located, width: number = SHORT_WIDTH): Phrase {
  const place = placeOf(context, located);
  if (place.kind !== 'node') return context.words.placeShort(place);
  return context.words.placeShort({ ...place, node: shorten(context.hostName(place.node), width) });
}

/** For the right end of a line: as long as fits there. What is too long loses its middle: names differ at the ends. */
const LABEL_WIDTH = 21;
const SUFFIX_WIDTH = 8;

/** `isOnly`: all lines are of the same subject, and only their labels tell them apart. */
export function lineLabel(context: Context, located: Located, isOnly = false): string {
  const place = placeOf(context, located);
  if (isOnly && place.labels !== '') return plain(name(shorten(place.labels, LABEL_WIDTH)));
  const own =
    place.kind === 'node'
      ? context.hostName(place.node)
      : plain(context.words.placeShort({ ...place, labels: '' }));
  // But for a space and an ellipsis, which counts twice.
  const room = Math.max(SUFFIX_WIDTH, LABEL_WIDTH - widthOf(own) - 2);
  const suffix = place.labels === '' ? '' : ` ${shorten(place.labels, room)}`;
  return `${plain(name(shorten(own, LABEL_WIDTH - widthOf(suffix))))}${plain(name(suffix))}`;
}

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

/** In Latin letters; anything beyond the Latin, Greek and Cyrillic scripts may be twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1), 0);
}
