/** Columns of a line, the convention of plain-text mail (RFC 5322, 2.1.1); a Chinese character takes two. */
export const COLUMNS = 78;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Script=Han}/u;
/** Punctuation that must not start a line. */
const CLOSING =
  /[\uff0c\u3002\uff1b\uff1a\u3001\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u201d\u2019\u2026]/;
/** Punctuation that must not end a line. */
const OPENING = /[\uff08\u300a\u300c\u300e\u3010\u201c\u2018]/;
const NO_BREAK_SPACE = '\u00a0';

export function columnsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/**
 * Returns a paragraph in lines of at most `COLUMNS`, except for unbreakable words that are longer, such as URLs.
 * @param first prefix of the first line
 * @param rest prefix of the other lines
 */
export function wrap(text: string, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/[^\S\u00a0]+/u).filter((part) => part !== ''))
    for (const [index, piece] of splitWord(word).entries()) {
      const space = isEmpty || index > 0 ? '' : ' ';
      if (!isEmpty && columnsOf(line + space + piece) > COLUMNS) {
        lines.push(line);
        line = rest + piece;
      } else line += space + piece;
      isEmpty = false;
    }
  return [...lines, line].join('\n').replaceAll(NO_BREAK_SPACE, ' ');
}

/** Splits a word where a line may end, which is between Chinese characters but not at their punctuation. */
function splitWord(word: string): string[] {
  const pieces: string[] = [];
  let before = '';
  for (const character of word) {
    const isJoined =
      CLOSING.test(character) ||
      OPENING.test(before) ||
      [character, before].includes(NO_BREAK_SPACE) ||
      (!WIDE.test(character) && !WIDE.test(before));
    if (before !== '' && isJoined) pieces.push((pieces.pop() ?? '') + character);
    else pieces.push(character);
    before = character;
  }
  return pieces;
}
