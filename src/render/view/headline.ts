import type { Finding } from '../../model/report.ts';
import type { HeadlineFacts } from '../locales/words.ts';
import type { Phrase } from '../phrase.ts';
import { type Context, titleOf } from './context.ts';
import { placeOf } from './place.ts';

/** One sentence with whom it is about, the worst value and the limit, in words. */
export function headlineOf(context: Context, group: readonly Finding[]): Phrase {
  const { words, format, report } = context;
  const [worst] = group;
  if (worst === undefined) return [];
  const { unit, severity } = worst;
  const isBelow = worst.condition === 'below';
  const extreme = group.reduce(
    (found, one) => ((isBelow ? one.value < found.value : one.value > found.value) ? one : found),
    worst,
  );
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
