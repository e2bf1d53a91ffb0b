import { type Markup, markup } from '../markup.ts';
import type { ShownStatus } from '../words/facts.ts';
import { type Attributes, element, textElement } from './svg.ts';

/** Statuses differ in shape, not only in colour: bad ones have corners, unknown ones are hollow or crossed out. */
const SHAPES: Readonly<Record<ShownStatus, string>> = {
  critical: 'M6 0l6 6-6 6-6-6z',
  warning: 'M6 1l6 10.4H0z',
  explained: 'M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6z',
  silenced: 'M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6zM3.5 5.3h5v1.4h-5z',
  healthy: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z',
  idle: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z',
  information: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z',
  'no-data': 'M1 1h10v10H1zM2.5 2.5v7h7v-7z',
  'not-enabled': 'M1 5.2h10v1.6H1z',
  'not-exposed': 'M1 5.2h10v1.6H1z',
  'not-captured': 'M1 1h10v10H1zM2.5 2.5v7h7v-7z',
  failed: 'M2.1 1L6 4.9 9.9 1 11 2.1 7.1 6 11 9.9 9.9 11 6 7.1 2.1 11 1 9.9 4.9 6 1 2.1z',
};

export function mark(status: ShownStatus): Markup {
  return markup(markElement(status, { 'aria-hidden': 'true' }, ''));
}

/** Returns a mark without a word next to it, with its meaning as its title. */
export function titledMark(status: ShownStatus, title: string): Markup {
  return markup(markElement(status, { role: 'img' }, textElement('title', {}, title)));
}

function markElement(status: ShownStatus, attributes: Attributes, title: string): string {
  const path = element('path', { d: SHAPES[status] });
  return element('svg', { class: `mark ${status}`, viewBox: '0 0 12 12', ...attributes }, title, path);
}
