/** The kinds of random inputs. */
import { openAnswers } from './answers.ts';
import { openCaptures } from './captures.ts';
import { openConfigurations } from './configurations.ts';
import { openDocuments } from './documents.ts';
import type { Target } from './target.ts';
import { openWorlds } from './worlds.ts';

export const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  answers: openAnswers,
  worlds: openWorlds,
  captures: openCaptures,
  documents: openDocuments,
  configurations: openConfigurations,
};
