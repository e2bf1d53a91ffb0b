/** Columns of a line, as mail has always been written; a Chinese character takes two. */
export const COLUMNS = 78;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Script=Han}/u;
/** No line begins with these, and none ends with those. */
const CLOSING =
  /[\uff0c\u3002\uff1b\uff1a\u3001\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u201d\u2019\u2026]/;
const OPENING = /[\uff08\u300a\u300c\u300e\u3010\u201c\u2018]/;
const UNBROKEN = '\u00a0';

export function columnsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/**
 * A paragraph in lines; what is longer than a line and cannot be parted, such as an address, stays whole.
 * @param first what the first line begins with
 * @param rest what the others begin with
 */
export function wrap(text: string, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/[^\S\u00a0]+/u).filter((one) => one !== ''))
    for (const [index, atom] of atomsOf(word).entries()) {
      const space = isEmpty || index > 0 ? '' : ' ';
      if (!isEmpty && columnsOf(line + space + atom) > COLUMNS) {
        lines.push(line);
        line = rest + atom;
      } else line += space + atom;
      isEmpty = false;
    }
  return [...lines, line].join('\n').replaceAll(UNBROKEN, ' ');
}

/** Between Chinese characters a line may end anywhere. */
function atomsOf(word: string): string[] {
  const atoms: string[] = [];
  let before = '';
  for (const character of word) {
    const isJoined =
      CLOSING.test(character) ||
      OPENING.test(before) ||
      [character, before].includes(UNBROKEN) ||
      (!WIDE.test(character) && !WIDE.test(before));
    if (before !== '' && isJoined) atoms.push((atoms.pop() ?? '') + character);
    else atoms.push(character);
    before = character;
  }
  return atoms;
}
