import type { Finding } from '../../../model/report.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import type { Group } from '../../kit/group.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { placesOf } from '../../kit/place.ts';
import { UNIT_FORMATS } from '../../kit/units.ts';
import type { CauseFacts, FindingFacts, FindingKind } from './facts.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Returns one sentence about findings of one indicator: the subjects, the worst value and the threshold. */
export function headlineOf(context: Context, group: Group<Finding>): Phrase {
  const { threshold: amount, severity } = extremeOf(group);
  return INCIDENT_WORDS[context.language].headline(factsOf(context, group), { amount, severity });
}

/** Returns the finding that is furthest beyond its threshold. */
function extremeOf(group: Group<Finding>): Finding {
  const isBelow = group[0].condition === 'below';
  return group.reduce((extreme, finding) =>
    (isBelow ? finding.value < extreme.value : finding.value > extreme.value) ? finding : extreme,
  );
}

/** Returns what a sentence needs to know about findings of one indicator. The value is the worst of them. */
export function factsOf(context: Context, group: Group<Finding>): FindingFacts {
  const { format, report } = context;
  const extreme = extremeOf(group);
  const { indicator, unit, value, threshold } = extreme;
  const kind = kindOf(extreme);
  return {
    kind,
    title: titleOf(context, indicator),
    isCustom: report.indicators.some(({ id, own }) => id === indicator && own !== null),
    places: placesOf(context, group),
    value: kind === 'not-scraped' ? format.duration(value) : format.valueBeside(value, threshold, unit),
    counted: amountOf(context, extreme),
    unit,
    amount: value,
    isBelow: extreme.condition === 'below',
    threshold: kind === 'not-scraped' ? format.duration(threshold) : format.value(threshold, unit),
    relative: relativeOf(context, extreme, group.length > 1),
  };
}

function relativeOf(
  { format, report }: Context,
  { indicator, severity, unit, usual }: Finding,
  isOfSeveral: boolean,
): FindingFacts['relative'] {
  const { change, rise } = report.indicators.find(({ id }) => id === indicator)?.thresholds[severity] ?? {};
  const share = change ?? rise;
  if (share === undefined) return null;
  return {
    share: format.percent(share),
    usual: isOfSeveral || usual === null ? null : format.value(usual, unit),
  };
}

function kindOf({ indicator, unit, value, condition, threshold }: Finding): FindingKind {
  if (indicator === 'process-restarts') return 'restarts';
  if (isScrapeGap({ indicator, unit })) return 'not-scraped';
  if (indicator === 'missing-agents') return 'missing-agents';
  const isFirstOfCounted =
    condition === 'at-least' && threshold === 1 && isCount(unit) && Number.isInteger(value);
  // One of them that the labels name, or something that is there or not.
  if (isFirstOfCounted && (unit === 'count' || unit === 'containers') && value === 1) return 'state';
  return (condition !== 'below' && threshold === 0) || isFirstOfCounted ? 'counted' : 'level';
}

/** Whether the values of a unit are numbers of things, so that 1 is the first one that should not be there. */
function isCount(unit: Finding['unit']): boolean {
  return unit === 'count' || UNIT_FORMATS[unit].noun === 'counted';
}

/** The check of scrape coverage has findings of two units: gaps in seconds, and shares of missed scrapes. */
const isScrapeGap = ({ indicator, unit }: Pick<Finding, 'indicator' | 'unit'>) =>
  indicator === 'scrape-coverage' && unit === 'seconds';

/** Returns the value of a finding with what it counts; of gaps, the duration. */
export function amountOf(
  { format }: Context,
  finding: Pick<Finding, 'indicator' | 'unit' | 'value'>,
): string {
  const { unit, value } = finding;
  return isScrapeGap(finding) ? format.duration(value) : format.counted(value, unit);
}

/** What sentences about coverage checks say; a custom indicator can have any other id. */
const KINDS: ReadonlyMap<string, FindingKind> = new Map([
  ['process-restarts', 'restarts'],
  ['scrape-coverage', 'not-scraped'],
]);

/** Returns how sentences name an indicator or check as a cause. */
export function causeOf(context: Context, id: string): CauseFacts {
  return {
    kind: KINDS.get(id) ?? 'level',
    title: titleOf(context, id),
    isCustom: !context.indicators.has(id),
  };
}
