import { join, name, type Phrase, phrase } from '../phrase.ts';
import type { SubjectLabel } from './words.ts';

/** How English counts, lists, and says where. */

export const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

export const list = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const OTHERS = { controller: 'the controller', cluster: 'the cluster', everything: 'all targets' } as const;

export function place(one: SubjectLabel): Phrase {
  const suffix = one.labels === '' ? '' : ` (${one.labels})`;
  if (one.kind === 'node') return phrase`${name(one.node)}${suffix}`;
  return phrase`${OTHERS[one.kind]}${suffix}`;
}

export function places(all: readonly SubjectLabel[]): string {
  const isNodes = all.every(({ kind }) => kind === 'node');
  return isNodes ? plural(all.length, 'node', 'nodes') : plural(all.length, 'process', 'processes');
}

const NAMED = 3;

function enumerate(all: readonly SubjectLabel[]): Phrase {
  if (all.length > NAMED) return phrase`${places(all)}`;
  const phrases = all.map(place);
  const last = phrases.at(-1) ?? [];
  return phrases.length < 2 ? last : phrase`${join(phrases.slice(0, -1), ', ')} and ${last}`;
}

const PREPOSITIONS = { node: 'on', controller: 'of', cluster: 'in', everything: 'of' } as const;

/** "on node-1", "of the controller", "in the cluster". */
export function at(all: readonly SubjectLabel[]): Phrase {
  return phrase`${PREPOSITIONS[all[0]?.kind ?? 'node']} ${enumerate(all)}`;
}

/** "The agent on node-1", for what is said of processes rather than of an indicator. */
export function processes(all: readonly SubjectLabel[]): Phrase {
  if (all.every(({ kind }) => kind === 'node'))
    return phrase`The ${all.length > 1 ? 'agents' : 'agent'} ${at(all)}`;
  return all.length > 1 ? phrase`${places(all)}` : phrase`The controller`;
}
