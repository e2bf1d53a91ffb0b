/**
 * Edits that make one text of the other: letters put in, left out, replaced, or two neighbours swapped. This is optimal
 * string alignment (https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance), which edits no place twice.
 */
export function editDistance(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of a.entries()) {
    const next = [row + 1];
    for (const [column, wanted] of b.entries()) {
      const replaced = (last[column] ?? 0) + (letter === wanted ? 0 : 1);
      const isSwap = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === wanted;
      const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (last[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    [before, last] = [last, next];
  }
  return last[b.length] ?? 0;
}

/** More than one edit in three letters makes another word: "de" is not meant as "en". */
const LETTERS_PER_EDIT = 3;

/** From so many letters on, the beginning of a word may be meant as the word: "zh" as "zh-CN", "weekly" as "week". */
const SHORTEST_BEGINNING = 2;

/** Longer than any name; comparing longer texts takes long and finds nothing. */
const LONGEST_WORD = 200;

/** The candidate that a word was most likely meant to be, in capitals or not; nothing when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  const near = candidates.flatMap((candidate) => {
    const known = candidate.toLowerCase();
    const edits = editDistance(wanted, known);
    const isBeginning =
      Math.min(wanted.length, known.length) >= SHORTEST_BEGINNING &&
      (known.startsWith(wanted) || wanted.startsWith(known));
    const isNear = edits <= Math.floor(Math.max(wanted.length, known.length) / LETTERS_PER_EDIT);
    return isNear || isBeginning ? [{ candidate, edits }] : [];
  });
  return near.sort((one, other) => one.edits - other.edits)[0]?.candidate;
}

/** The end of a message about a word that is not known: "; did you mean prometheus?", or nothing. */
export function didYouMean(word: string, candidates: readonly string[], quote = ''): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean ${quote}${near}${quote}?`;
}

/** A list this long is read; a longer one is cut. */
const MOST_LISTED = 12;

/** What a user may choose from: the nearest, else all of them, as many as a line can have. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = didYouMean(word, candidates, '"');
  if (near !== '') return near;
  const rest = candidates.length - MOST_LISTED;
  return `: ${candidates.slice(0, MOST_LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
