import { count, listSome, upperFirst } from '../../kit/languages/english.ts';
import type { SomeNames } from '../../kit/words/facts.ts';

export const en = {
  heading: 'Needs attention',
  /** `end`: the end of the period, since readers may come hours later. */
  ongoing: (incidents: number, end: string) => `Still ongoing at ${end} (${count(incidents)})`,
  over: (incidents: number) => `Over by the end (${count(incidents)})`,
  nodes: (names: SomeNames) => listSome(names),
  /** `isComplete`: every indicator has its data. */
  nothing: (isComplete: boolean, isSilenced: boolean) => {
    const indicators = isComplete ? 'every indicator' : 'every indicator with data';
    const sentence = `${indicators} stayed within its thresholds.`;
    return isSilenced ? `Apart from the silenced findings, ${sentence}` : upperFirst(sentence);
  },
};
