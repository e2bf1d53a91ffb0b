import type { DefectView } from '../../kit/antrea-version.ts';
import type { ShownStep } from '../../kit/command.ts';
import type { OutsideLink } from '../../kit/links.ts';
import type { Markup } from '../../kit/markup.ts';
import type { Phrase } from '../../kit/phrase.ts';
import type { StatusView } from '../../kit/status.ts';
import type { Breakdown } from './breakdown.ts';
import type { Compared } from './comparison.ts';

/** One incident as the report shows it. */
export type IncidentView = {
  id: string;
  /** The nodes that it is about, for the filter. */
  nodes: string;
  status: StatusView;
  headline: Phrase;
  isOngoing: boolean;
  ongoing: string;
  /** Null where that is unknown. */
  isNew: boolean | null;
  compared: Compared[];
  /** When it was and how long, one line each. */
  when: string[];
  /** For one group of findings: a bar per subject. */
  bars: { place: Phrase | null; bar: Markup; value: string }[];
  hasSeveralPlaces: boolean;
  more: string;
  /** For several groups of findings. */
  breakdown: Breakdown | null;
  axis: Markup;
  /** False where an earlier incident already explains the impact, or where the impact is unknown. */
  hasImpact: boolean;
  impact: Phrase;
  firstStep: ShownStep | null;
  /** First steps for further critical groups that nothing explains. */
  furtherSteps: (ShownStep & { title: string })[];
  /** The alerts that fired for it, or that none did; empty where that is not known. */
  alerts: Phrase;
  /** The upgrade that explains its restarts; empty without one. */
  upgrade: Phrase;
  /** Known defects that show in such findings. */
  defects: DefectView[];
  /** Where further ones are; null without them. */
  moreDefects: { anchor: string; text: string } | null;
  /** The anchor of the indicator that it began with. */
  anchor: string;
  links: OutsideLink[];
};
