import type { Language } from '../../report/model/indicator.ts';
import { createFormatter, type Formatter } from '../../report/render/kit/formatter.ts';
import { localDay } from '../../report/render/kit/time-ticks.ts';
import type { ArchiveReport } from './page.ts';

/** Periods of many clusters, as people write them: each in the time zone of its cluster. */
export type Periods = {
  format(timeZone: string): Formatter;
  /** Whole days as dates, whatever the clocks did on them; anything else with its hours. */
  text(report: Pick<ArchiveReport, 'period' | 'timeZone'>): string;
  isWholeDays(report: Pick<ArchiveReport, 'period' | 'timeZone'>): boolean;
};

const instant = (seconds: number) => new Date(seconds * 1000).toISOString();

export function createPeriods(language: Language): Periods {
  // Formats are slow to make and to use, and of hundreds of reports most are of the same few zones and days.
  const formats = new Map<string, Formatter>();
  const format = (timeZone: string) => {
    const known = formats.get(timeZone) ?? createFormatter(language, { start: EPOCH, end: EPOCH, timeZone });
    formats.set(timeZone, known);
    return known;
  };
  const texts = new Map<string, string>();
  const isWholeDays: Periods['isWholeDays'] = ({ period, timeZone }) => {
    const zone = format(timeZone).timeZone;
    return startsDay(period.start, zone) && startsDay(period.end, zone);
  };
  return {
    format,
    isWholeDays,
    text: (report) => {
      const { start, end } = report.period;
      const key = `${report.timeZone} ${start} ${end}`;
      const { days, dateRange } = format(report.timeZone);
      const text =
        texts.get(key) ??
        (isWholeDays(report)
          ? days(instant(start), instant(end - 1))
          : dateRange(instant(start), instant(end)));
      texts.set(key, text);
      return text;
    },
  };
}

/** Dates do not depend on the period that a format was made for. */
const EPOCH = instant(0);

/** Not whether clocks show midnight: where they are set forward at midnight, the day starts at one. */
function startsDay(seconds: number, timeZone: string): boolean {
  return localDay(seconds * 1000, timeZone) !== localDay(seconds * 1000 - 1, timeZone);
}
