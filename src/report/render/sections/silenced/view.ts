import { sum } from 'd3-array';
import type { Report } from '../../../model/report.ts';
import type { ReportSilence } from '../../../model/silence.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import { name, type Phrase, phrase } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { headlineOf } from '../incidents/headline.ts';
import { whenOfFinding } from '../incidents/when.ts';
import { SILENCED_WORDS } from './words.ts';

export type SilencedView = {
  heading: string;
  introduction: string;
  rows: { status: StatusView; headline: Phrase; when: string; reason: Phrase }[];
  more: string;
  /** Silences that expired or that no finding met: what somebody should look at. */
  idle: { label: string; items: Phrase[] }[];
};

/** Further findings are counted. */
const ROWS = 30;

/** Returns the silenced findings with their reasons, and the silences without any; null in a report without silences. */
export function silencedView(context: Context): SilencedView | null {
  const { report, words: shared, language } = context;
  if (report.silences.length === 0) return null;
  const words = SILENCED_WORDS[language];
  const count = silencedCount(report);
  const rows = report.silenced.slice(0, ROWS).flatMap(({ silence, finding }) => {
    const known = report.silences[silence];
    return known === undefined
      ? []
      : {
          status: statusView(context, 'silenced'),
          headline: headlineOf(context, [finding]),
          when: whenOfFinding(context, finding)[0] ?? '',
          reason: reasonOf(context, known),
        };
  });
  const idle = (label: string, silences: readonly ReportSilence[]) =>
    silences.length === 0 ? [] : [{ label, items: silences.map((one) => describe(context, one)) }];
  const without = report.silences.filter(({ findings }) => findings === 0);
  return {
    heading: words.heading,
    introduction: count > 0 ? words.introduction : '',
    rows,
    more: count > rows.length ? shared.more(count - rows.length) : '',
    idle: [
      ...idle(
        words.expired,
        without.filter(({ expired }) => expired),
      ),
      ...idle(
        words.unused,
        without.filter(({ expired }) => !expired),
      ),
    ],
  };
}

/** Returns how many findings do not count. */
export function silencedCount({ silences }: Pick<Report, 'silences'>): number {
  return sum(silences, ({ findings }) => findings);
}

/** Returns why a finding is silenced, who works on it, and until when. */
function reasonOf({ format, words: shared, language }: Context, silence: ReportSilence): Phrase {
  const words = SILENCED_WORDS[language];
  const { kind, reason, owner, end } = silence;
  const why = kind === 'maintenance' ? words.maintenance(reason) : reason;
  const facts = [...(owner === null ? [] : [words.owner(owner)]), words.until(format.dateTime(end))];
  return phrase`${name(why)}${shared.comma}${name(facts.join(shared.comma))}`;
}

/** Returns a silence as a line: what it is about and why. */
function describe(context: Context, silence: ReportSilence): Phrase {
  const { words: shared, language } = context;
  const words = SILENCED_WORDS[language];
  const { indicator, subject } = silence;
  const about = indicator === null ? words.everything : titleOf(context, indicator);
  const of = subject === null ? words.allSubjects : subject;
  return phrase`${about}${shared.comma}${name(of)}${shared.colon}${reasonOf(context, silence)}`;
}
