import type { IndicatorWords } from '../../model/indicator.ts';
import type { Finding } from '../../model/report.ts';
import type { Context } from './context.ts';
import { type Phrase, withCode } from './phrase.ts';

/** What findings of an indicator or check mean for the users of the cluster. */
export type Meaning = { heading: string; text: Phrase };

type FindingWords = Pick<IndicatorWords, 'impact' | 'nextSteps'>;

/** Returns the meaning and the steps that fit findings of one indicator; undefined where the catalog has none. */
export function wordsAbout(
  { catalog }: Pick<Context, 'catalog'>,
  id: string,
  findings: readonly Pick<Finding, 'condition'>[],
): FindingWords | undefined {
  const record = catalog.get(id);
  const isRise = findings.length > 0 && findings.every(({ condition }) => condition !== 'below');
  return (isRise && record?.rise) || record;
}

/** Returns null where the catalog has no such text. */
export function meaningOf(
  context: Context,
  id: string,
  findings: readonly Pick<Finding, 'condition'>[],
): Meaning | null {
  const impact = wordsAbout(context, id, findings)?.impact[context.language] ?? '';
  return impact === '' ? null : { heading: context.words.meaning, text: withCode(impact) };
}
