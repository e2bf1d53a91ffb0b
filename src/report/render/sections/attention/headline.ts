import type { Finding } from '../../../model/report.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import type { HeadlineFacts } from '../../kit/words/words.ts';
import type { Findings } from './finding-groups.ts';
import type { Clause } from './words.ts';

/** One sentence with whom it is about, the worst value and the limit, in words. */
export function headlineOf(context: Context, group: readonly Finding[]): Phrase {
  const { words, format, report } = context;
  const [worst] = group;
  if (worst === undefined) return [];
  const { unit, severity } = worst;
  const isBelow = worst.condition === 'below';
  const extreme = extremeOf([worst, ...group]);
  const facts: HeadlineFacts = {
    title: titleOf(context, worst.indicator),
    places: group.map((finding) => placeOf(context, finding)),
    value: format.valueBeside(extreme.value, extreme.threshold, unit),
    limit: format.value(extreme.threshold, unit),
    isBelow,
  };

  if (worst.indicator === 'process-restarts')
    return words.attention.headlineRestarts(facts, extreme.value, worst.threshold, severity);
  if (worst.indicator === 'scrape-coverage' && unit === 'seconds') {
    const [value, limit] = [format.duration(extreme.value), format.duration(worst.threshold)];
    return words.attention.headlineMissing({ ...facts, value, limit });
  }
  if (!isBelow && worst.threshold === 0) {
    const value = words.noun(facts.value, extreme.value, unit);
    return words.attention.headlineNoneNormal({ ...facts, value });
  }

  const indicator = report.indicators.find(({ id }) => id === worst.indicator);
  const threshold = indicator?.thresholds[severity];
  const relative = threshold?.change ?? threshold?.rise;
  if (relative === undefined) return words.attention.headline(facts);
  const share = format.percent(relative);
  if (group.length > 1) return words.attention.headlineUnusualMany(facts, share);
  return worst.usual === null
    ? words.attention.headline(facts)
    : words.attention.headlineUnusual(
        { ...facts, value: format.value(worst.value, unit) },
        share,
        format.value(worst.usual, unit),
      );
}

function extremeOf(group: Findings): Finding {
  const isBelow = group[0].condition === 'below';
  return group.reduce((found, one) =>
    (isBelow ? one.value < found.value : one.value > found.value) ? one : found,
  );
}

/** The same for a sentence in which it is one of several things: shorter, and without its limit. */
export function clauseOf(context: Context, group: Findings): Clause {
  const { words, format, report } = context;
  const [worst] = group;
  const extreme = extremeOf(group);
  const { indicator, unit } = worst;
  const isMissing = indicator === 'scrape-coverage' && unit === 'seconds';
  const isBelow = worst.condition === 'below';
  const value = isMissing ? format.duration(extreme.value) : format.value(extreme.value, unit);
  return {
    kind:
      indicator === 'process-restarts'
        ? 'restarts'
        : isMissing
          ? 'missing'
          : !isBelow && worst.threshold === 0
            ? 'counted'
            : 'level',
    title: titleOf(context, indicator),
    isOwn: report.indicators.some((one) => one.id === indicator && one.own !== null),
    places: group.map((finding) => placeOf(context, finding)),
    value,
    counted: words.noun(value, extreme.value, unit),
    unit,
    starts: extreme.value,
    isBelow,
  };
}
