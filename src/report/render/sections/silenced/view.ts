import { sum } from 'd3-array';
import type { Finding, Report } from '../../../model/report.ts';
import type { ReportSilence } from '../../../model/silence.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { name, type Phrase, phrase } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { headlineOf } from '../incidents/headline.ts';
import { whenOfFinding } from '../incidents/when.ts';
import { SILENCED_WORDS } from './words.ts';

export type SilencedView = {
  heading: string;
  introduction: string;
  /** `anchor`: where the chart and the steps of the indicator are. */
  rows: (SilencedRow & { status: StatusView; severity: string; nodes: string; anchor: string })[];
  more: string;
  /** Silences that expired or that no finding met: what somebody should look at. */
  idle: { label: string; items: Phrase[] }[];
};

/** Further findings are counted. */
const ROWS = 30;

/** Returns the silenced findings with their reasons, and the silences without any; null if there are none. */
export function silencedView(context: Context): SilencedView | null {
  const { report, words: shared, language } = context;
  if (report.silences.length === 0) return null;
  const words = SILENCED_WORDS[language];
  const count = silencedCount(report);
  const rows = report.silenced.slice(0, ROWS).flatMap((silenced) =>
    silencedRows(context, [silenced]).map((row) => ({
      ...row,
      status: statusView(context, 'silenced'),
      severity: shared.statuses[silenced.finding.severity],
      nodes: nodeSet(context, [silenced.finding]),
      anchor: anchorOf(context, silenced.finding.indicator),
    })),
  );
  const idle = (label: string, silences: readonly ReportSilence[]) =>
    silences.length === 0 ? [] : [{ label, items: silences.map((one) => describe(context, one)) }];
  const without = report.silences.filter(({ findings, expired, recurrence }) => {
    // Maintenance that comes again is no news in a report without any of its windows.
    const isElsewhere = recurrence !== undefined && recurrence.windows.length === 0 && !expired;
    return findings === 0 && !isElsewhere;
  });
  if (count === 0 && without.length === 0) return null;
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

export type SilencedRow = { headline: Phrase; when: string; reason: Phrase };

/** Returns what was found and why it does not count. */
export function silencedRows(context: Context, silenced: Report['silenced']): SilencedRow[] {
  return silenced.flatMap(({ silence, finding }) => {
    const known = context.report.silences[silence];
    if (known === undefined) return [];
    return {
      headline: headlineOf(context, [finding]),
      when: whenOfFinding(context, finding)[0] ?? '',
      reason: reasonOf(context, known, untilOf(known, finding)),
    };
  });
}

/** Returns how many findings do not count. */
function silencedCount({ silences }: Pick<Report, 'silences'>): number {
  return sum(silences, ({ findings }) => findings);
}

/** Returns until when a finding is silenced; null if the document does not have it. */
export function untilOf({ end, recurrence }: ReportSilence, finding: Finding): string | null {
  if (recurrence === undefined) return end;
  const windows = recurrence.windows.filter(
    (window) => Date.parse(window.start) <= Date.parse(finding.start),
  );
  return windows.findLast((window) => Date.parse(window.end) >= Date.parse(finding.end))?.end ?? null;
}

/** Returns why a finding is silenced, who works on it, and until when. */
function reasonOf(
  { format, words: shared, language }: Context,
  { kind, reason, owner }: ReportSilence,
  until: string | null,
): Phrase {
  const words = SILENCED_WORDS[language];
  const why = kind === 'maintenance' ? words.maintenance(reason) : reason;
  const facts = [
    ...(owner === null ? [] : [words.owner(owner)]),
    ...(until === null ? [] : [words.until(format.dateTime(until))]),
  ];
  if (facts.length === 0) return name(why);
  return phrase`${name(why)}${shared.comma}${name(facts.join(shared.comma))}`;
}

/** Windows that are listed; further ones are counted. */
const WINDOWS = 3;

/** Returns a silence as a line: what it is about and why; for one that comes again, when it was. */
function describe(context: Context, silence: ReportSilence): Phrase {
  const { words: shared, language, format } = context;
  const words = SILENCED_WORDS[language];
  const { indicator, subject, recurrence } = silence;
  const about = indicator === null ? words.everything : titleOf(context, indicator);
  const of = subject === null ? words.allSubjects : subject;
  const windows = recurrence?.windows ?? [];
  const reason = reasonOf(context, silence, windows.length > 0 ? null : silence.end);
  const listed = windows.slice(0, WINDOWS).map(({ start, end }) => format.dateRange(start, end));
  const more = windows.length > WINDOWS ? [shared.more(windows.length - WINDOWS)] : [];
  const when = [...listed, ...more].join(words.windowSeparator);
  const line = phrase`${about}${shared.comma}${name(of)}${shared.colon}${reason}`;
  return when === '' ? line : phrase`${line}${shared.comma}${name(when)}`;
}
