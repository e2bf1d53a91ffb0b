import { type Context, titleOf } from '../../kit/context.ts';
import type { Clause } from './words.ts';

/** What explains something, for the words that say so. */
export function causeOf(context: Context, id: string): Pick<Clause, 'kind' | 'title' | 'isOwn'> {
  const kinds = { 'process-restarts': 'restarts', 'scrape-coverage': 'missing' } as const;
  const kind = id === 'process-restarts' || id === 'scrape-coverage' ? kinds[id] : 'level';
  return { kind, title: titleOf(context, id), isOwn: !context.indicators.has(id) };
}
