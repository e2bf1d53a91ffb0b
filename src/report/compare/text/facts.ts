import type { Verdict } from '../../model/report.ts';
import type { Phrase } from '../../render/kit/phrase.ts';
import type { Kind } from '../difference.ts';

/** Which of the two reports. */
export type Which = 'first' | 'second';

/** How many findings of each kind there are; zero for kinds that do not occur. */
export type KindCounts = Readonly<Record<Kind, number>>;

/** What is the same in both reports. */
export type UnchangedCounts = { findings: number; indicators: number; readings: number; nodes: number };

/** A line of the text. `mark`: the symbol before it; null: none. */
export type Line = { mark: Verdict | null; text: Phrase; facts: readonly string[] };
