import type { ShownCommand } from '../../kit/command.ts';
import type { Markup } from '../../kit/markup.ts';
import type { Phrase } from '../../kit/phrase.ts';
import type { StatusView } from '../../kit/status.ts';
import type { Compared } from './comparison.ts';
import type { Story } from './story.ts';

export type Step = { text: Phrase; commands: ShownCommand[] };

export type AttentionEntry = {
  id: string;
  status: StatusView;
  headline: Phrase;
  isOngoing: boolean;
  ongoing: string;
  /** Null where it is not known. */
  isNew: boolean | null;
  compared: Compared[];
  /** From when to when, and how long: a line each. */
  when: string[];
  /** Of one finding, or of one kind of several subjects. */
  strips: { place: Phrase | null; strip: Markup; value: string }[];
  isGroup: boolean;
  more: string;
  /** Of several kinds of findings. */
  story: Story | null;
  hours: Markup;
  /** False where an entry above has already said what this kind of finding means, or nothing is known of that. */
  isExplained: boolean;
  impact: Phrase;
  firstStep: Step | null;
  /** Of what a story brought that is critical in its own right. */
  furtherSteps: (Step & { title: string })[];
  anchor: string;
};
