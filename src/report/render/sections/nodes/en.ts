import { count, places, plural } from '../../kit/languages/english.ts';
import type { SubjectLabel } from '../../kit/words/facts.ts';

export const en = {
  heading: 'Affected nodes',
  /** For the legend. */
  restart: 'Restart',
  mostNodes: (nodes: readonly SubjectLabel[], all: number) =>
    nodes.length === all
      ? `all ${places(nodes)}`
      : `${count(nodes.length)} of ${plural(all, 'node', 'nodes')}`,
  more: (nodes: number) => `and ${plural(nodes, 'more node', 'more nodes')}`,
  barTitle: (place: string) => `Problems over the period: ${place}`,
  /** One indicator in the description of a bar, for readers who cannot see it. */
  barItem: (title: string, severity: string, ranges: readonly string[], further: number) =>
    `${title} (${severity}): ${ranges.join(', ')}${further > 0 ? ` and ${plural(further, 'more episode', 'more episodes')}` : ''}`,
  separator: '; ',
};
