import { isLabels, type Series } from '../../report/model/series.ts';

export type Labels = Series['labels'];

/** Returns the labels that a JSON text contains; `null` if it is the JSON of something else. */
export type LabelReader = (text: string) => Labels | null;

/** Several label sets for each of 5,000 nodes. */
const MAX_CACHED = 32_768;

/** Limit for their text together, in characters. Label sets of Prometheus have some hundred. */
const MAX_CACHED_CHARACTERS = 16 * 1024 ** 2;

/**
 * Opens a reader that returns the same object for the same text, since most label sets of a server come in many answers.
 * They must not be changed.
 */
export function createLabelReader(): LabelReader {
  const cache = new Map<string, Labels>();
  let characters = 0;
  return (text) => {
    const known = cache.get(text);
    if (known) return known;
    const labels: unknown = JSON.parse(text);
    if (!isLabels(labels)) return null;
    characters += text.length;
    if (cache.size === MAX_CACHED || characters > MAX_CACHED_CHARACTERS) {
      cache.clear();
      characters = text.length;
    }
    cache.set(text, labels);
    return labels;
  };
}
