import { type Part, type Phrase, phrase, plain } from '../phrase.ts';

/** Chinese characters and full-width punctuation. */
const WIDE = /[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]|\p{Script=Han}/u;
const PUNCTUATION = /[\u3000-\u303f\uff00-\uffef]/u;

/**
 * A Chinese sentence with values put in: whatever these are, there is one space between a Chinese character and a
 * Latin letter or digit, and none between Chinese characters or beside full-width punctuation. Names are left as they
 * are; only the words around them change.
 */
export function spaced(texts: TemplateStringsArray, ...values: (string | number | Phrase)[]): Phrase {
  const done: Part[] = [];
  let hasSpace = false;
  for (const part of phrase(texts, ...values)) {
    if (!part.name && part.text.trim() === '') {
      hasSpace ||= part.text !== '';
      continue;
    }
    const before = done.pop();
    if (before === undefined) done.push(part);
    else done.push(...joined(before, part, hasSpace));
    hasSpace = false;
  }
  return done;
}

export function spacedText(texts: TemplateStringsArray, ...values: (string | number | Phrase)[]): string {
  return plain(spaced(texts, ...values));
}

function joined(before: Part, after: Part, hasSpace: boolean): Part[] {
  const last = [...before.text.trimEnd()].at(-1) ?? '';
  const [first = ''] = after.text.trimStart();
  const wasApart = hasSpace || /\s$/.test(before.text) || /^\s/.test(after.text);
  const gap = gapBetween(last, first, wasApart);
  const start = before.name ? before : { ...before, text: before.text.trimEnd() };
  const end = after.name ? after : { ...after, text: after.text.trimStart() };
  if (!start.name) return [{ ...start, text: start.text + gap }, end];
  if (!end.name) return [start, { ...end, text: gap + end.text }];
  return gap === '' ? [start, end] : [start, { text: gap, name: false, code: false }, end];
}

function gapBetween(last: string, first: string, wasApart: boolean): string {
  if (PUNCTUATION.test(last) || PUNCTUATION.test(first)) return '';
  if (WIDE.test(last) !== WIDE.test(first)) return ' ';
  return !WIDE.test(last) && wasApart ? ' ' : '';
}
