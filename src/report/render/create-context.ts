import { COVERAGE_CHECKS } from '../catalog/coverage/index.ts';
import { KNOWN_DEFECTS } from '../catalog/defects/index.ts';
import { EXPORTERS } from '../catalog/exporters.ts';
import { INDICATORS } from '../catalog/indicators/index.ts';
import { METRICS } from '../catalog/metrics/index.ts';
import { allFindings } from '../model/all-rows.ts';
import type { IndicatorWords, Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import type { Context } from './kit/context.ts';
import { createFormatter } from './kit/formatter.ts';
import { nodePlaces } from './kit/node-set.ts';
import { WORDS } from './kit/words/words.ts';
import { incidentAnchors } from './sections/incidents/anchors.ts';
import { shownReadings } from './sections/indicators/readings.ts';
import { RESERVED_IDS } from './sections/sections.ts';

const INDICATORS_BY_ID = new Map(INDICATORS.map((indicator) => [indicator.id, indicator]));
const DEFECTS_BY_ID = new Map(KNOWN_DEFECTS.map((defect) => [defect.id, defect]));
const WORDS_BY_ID = new Map<string, IndicatorWords>(
  [...INDICATORS, ...COVERAGE_CHECKS].map((record) => [record.id, record]),
);

/** Returns what the sections of a report are made from. */
export function createContext(report: Report, language: Language): Context {
  return {
    report,
    language,
    words: WORDS[language],
    format: createFormatter(language, report.period),
    indicators: INDICATORS_BY_ID,
    catalog: withCustomIndicators(report),
    metrics: METRICS,
    defects: DEFECTS_BY_ID,
    exporters: EXPORTERS,
    reservedIds: RESERVED_IDS,
    incidentAnchors: incidentAnchors(report),
    nodePlaces: nodePlaces(
      report,
      report.indicators.flatMap((indicator) => shownReadings(report, indicator)),
    ),
    hostName: hostNames(report),
  };
}

/** The report contains the words of custom indicators. */
function withCustomIndicators({ indicators }: Report): Context['catalog'] {
  const custom = indicators.flatMap(({ id, own }): [string, IndicatorWords][] =>
    own === null ? [] : [[id, own]],
  );
  return custom.length === 0 ? WORDS_BY_ID : new Map([...WORDS_BY_ID, ...custom]);
}

/** Cloud nodes have names like ip-10-0-1-23.region.compute.internal, where only the first part differs. */
function hostNames(report: Report): Context['hostName'] {
  const nodes = new Set([
    ...report.subjects,
    ...report.coverage.targets.map(({ subject }) => subject),
    ...report.indicators.flatMap(({ readings }) => readings.map(({ subject }) => subject)),
    ...allFindings(report).map(({ subject }) => subject),
  ]);
  const firstPart = (node: string) => node.split('.')[0] ?? node;
  const firstParts = new Set([...nodes].map(firstPart));
  const canShorten = firstParts.size === nodes.size && [...firstParts].every((part) => /\D/.test(part));
  return canShorten ? firstPart : (node) => node;
}
