/**
 * Returns the number of edits between two texts: letters inserted, deleted, replaced, or two adjacent letters swapped.
 * This is the optimal string alignment distance (https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
 */
export function editDistance(from: string, to: string): number {
  const [a, b] = [[...from], [...to]];
  let twoRowsBefore: number[] = [];
  let rowBefore = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of a.entries()) {
    const next = [row + 1];
    for (const [column, wanted] of b.entries()) {
      const replaced = (rowBefore[column] ?? 0) + (letter === wanted ? 0 : 1);
      const isSwap = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === wanted;
      const swapped = isSwap ? (twoRowsBefore[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (rowBefore[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    [twoRowsBefore, rowBefore] = [rowBefore, next];
  }
  return rowBefore[b.length] ?? 0;
}

/** A misspelt word has at most one edit in three letters; "de" is not a misspelling of "en". */
const LETTERS_PER_EDIT = 3;

/** Minimum length in letters for a prefix to count as similar: "zh" to "zh-CN", "weekly" to "week". */
const SHORTEST_PREFIX = 2;

/** Longest word that is compared, in letters. Names are shorter, and comparing longer texts takes long. */
const LONGEST_WORD = 200;

/** Returns the candidate that the word is most likely a misspelling of, ignoring case; `undefined` when none is similar. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  const similar = candidates.flatMap((candidate) => {
    const known = candidate.toLowerCase();
    const edits = editDistance(wanted, known);
    const isPrefix =
      Math.min(wanted.length, known.length) >= SHORTEST_PREFIX &&
      (known.startsWith(wanted) || wanted.startsWith(known));
    const isSimilar = edits <= Math.floor(Math.max(wanted.length, known.length) / LETTERS_PER_EDIT);
    return isSimilar || isPrefix ? [{ candidate, edits }] : [];
  });
  return similar.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Returns the end of a message about an unknown word: "; did you mean prometheus?", or an empty text. */
export function didYouMean(word: string, candidates: readonly string[], quote = ''): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : `; did you mean ${quote}${candidate}${quote}?`;
}

/** Longest list of candidates that still fits one line. */
const MAX_LISTED = 12;

/** Returns the end of a message about an unknown word: the nearest candidate, else the list of candidates, if there are any. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const question = didYouMean(word, candidates, '"');
  if (question !== '') return question;
  if (candidates.length === 0) return '';
  const rest = candidates.length - MAX_LISTED;
  return `: ${candidates.slice(0, MAX_LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
