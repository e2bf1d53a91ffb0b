import { isEmptyReport } from '../../../model/nothing-seen.ts';
import type { Context } from '../../kit/context.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { COLOPHON_WORDS } from './words.ts';

export type ColophonView = { heading: string; paragraphs: Phrase[] };

/** Returns how to read the report: score, times, and what made it. */
export function colophonView(context: Context): ColophonView {
  const { report, language } = context;
  const { generator, schemaVersion, id } = report;
  const words = COLOPHON_WORDS[language];
  return {
    heading: words.heading,
    paragraphs: [
      ...(isEmptyReport(report) ? [] : [phrase`${words.score}`, phrase`${timesText(context)}`]),
      words.generated(generator.name, generator.version, schemaVersion, id),
    ],
  };
}

function timesText({ report, words: shared, format, language }: Context): string {
  const words = COLOPHON_WORDS[language];
  const { end, chartStepSeconds, stepSeconds } = report.period;
  const times = words.times(
    format.zoneName(end),
    format.duration(chartStepSeconds),
    format.duration(report.rateWindowSeconds),
  );
  if (chartStepSeconds === stepSeconds) return times;
  return `${times}${shared.sentenceSpace}${words.evaluated(format.duration(stepSeconds))}`;
}
