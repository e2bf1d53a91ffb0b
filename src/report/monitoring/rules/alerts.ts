import { COVERAGE_CHECKS } from '../../catalog/coverage/index.ts';
import { alertName } from '../../model/alert.ts';
import type { Indicator, IndicatorWords, Language, Severity } from '../../model/indicator.ts';
import { fillLink } from '../../model/links.ts';
import { createNumberFormatter } from '../../render/kit/numbers.ts';
import { thresholdsSentence } from '../../render/kit/thresholds.ts';
import { WORDS } from '../../render/kit/words/words.ts';
import { durationOf, hasBothComponents, isPerNode } from '../queries.ts';
import type { CoverageAlert } from './coverage.ts';
import type { AlertingRule, Labels } from './model.ts';
import {
  detailsTemplate,
  labelTemplate,
  plainText,
  type StepsContext,
  stepsTemplate,
  valueTemplate,
} from './templates.ts';
import { RULE_WORDS } from './words.ts';

/** What the words of all alerts have in common. */
export type AlertWords = {
  language: Language;
  namespace: string;
  /** The labels that name the cluster. */
  cluster: Labels;
  /** The address of runbooks, with {indicator}. */
  runbook: string | undefined;
};

/** How often alerts are evaluated, in seconds: Prometheus's default. */
export const ALERT_SECONDS = 60;

/** Returns the alert of an indicator: its name is the same for both severities, which the label `severity` names. */
export function indicatorAlert(
  indicator: Indicator,
  severity: Severity,
  expr: string,
  words: AlertWords,
): AlertingRule {
  const { id, title, unit, thresholds, components } = indicator;
  const { language } = words;
  const threshold = thresholds[severity];
  const hasComponent = hasBothComponents(indicator);
  const [component] = components;
  const details = detailsTemplate(indicator, hasComponent);
  const node = isPerNode(indicator) ? labelTemplate('node') : '';
  const summary = RULE_WORDS[language].summary(
    plainText(title[language]),
    node,
    details,
    valueTemplate(unit, language),
  );
  const condition = sentenceOf({ thresholds: { [severity]: threshold }, unit }, language);
  return {
    alert: alertName(id),
    expr,
    ...forOf(threshold?.forSeconds ?? 0),
    // With both components, the series have the label.
    labels: labelsOf(severity, hasComponent ? undefined : component, words),
    annotations: annotationsOf(
      id,
      indicator,
      { summary, condition },
      {
        ...words,
        component: hasComponent ? null : (component ?? 'agent'),
        isPerNode: isPerNode(indicator),
      },
    ),
  };
}

/** Returns the alert of a check of the data itself. */
export function coverageAlert(
  { check, severity, component, gap, expr, forSeconds, isPerNode }: CoverageAlert,
  words: AlertWords,
): AlertingRule {
  const { language } = words;
  const record = COVERAGE_CHECKS.find(({ id }) => id === check);
  if (record === undefined) throw new Error(`there is no check ${check}`);
  const { summary, component: names, gaps, restarts } = RULE_WORDS[language];
  const what = gap === undefined ? restarts(valueTemplate('restarts', language)) : gaps[gap];
  return {
    alert: alertName(check),
    expr,
    ...forOf(forSeconds),
    labels: { ...labelsOf(severity, component, words), ...(gap !== undefined && { gap }) },
    annotations: annotationsOf(
      check,
      record,
      {
        summary: summary(
          record.title[language],
          isPerNode ? labelTemplate('node') : '',
          names[component],
          what,
        ),
        condition: '',
      },
      { ...words, component, isPerNode },
    ),
  };
}

/**
 * Returns how long a condition must hold: two evaluations at least, because one may look back on a single scrape after a
 * gap, which is no lowest value of ten minutes.
 */
function forOf(seconds: number): Pick<AlertingRule, 'for'> {
  return { for: durationOf(Math.max(seconds, ALERT_SECONDS)) };
}

function labelsOf(severity: Severity, component: string | undefined, { cluster }: AlertWords): Labels {
  return { severity, ...(component !== undefined && { component }), ...cluster };
}

function sentenceOf(judged: Parameters<typeof thresholdsSentence>[1], language: Language): string {
  const context = { words: WORDS[language], format: createNumberFormatter(language) };
  return thresholdsSentence(context, judged) ?? '';
}

function annotationsOf(
  id: string,
  { impact, nextSteps, rise, runbook: ofIndicator }: IndicatorWords & Pick<Indicator, 'runbook'>,
  { summary, condition }: { summary: string; condition: string },
  { runbook: ofAll, ...context }: StepsContext & AlertWords,
): Labels {
  const { language } = context;
  const description = [condition, plainText(impact[language]), plainText(rise?.impact[language] ?? '')]
    .filter((sentence) => sentence !== '')
    .join(RULE_WORDS[language].sentenceSpace);
  const runbook = ofIndicator ?? ofAll;
  const texts = {
    summary,
    ...(description !== '' && { description }),
    ...(nextSteps.length > 0 && { next_steps: stepsTemplate(nextSteps, context) }),
    ...(runbook !== undefined && { runbook_url: fillLink(runbook, { indicator: id }) }),
  };
  // A space that must not break is of no use in a message.
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replaceAll('\u00a0', ' ')]),
  );
}
