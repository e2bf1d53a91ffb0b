import {
  type Capacity,
  type CapacityLimit,
  COVERAGE_CHECK_IDS,
  type Indicator,
  type LocalizedText,
  type Threshold,
  type Thresholds,
  type Unit,
} from '../report/model/indicator.ts';
import { parseDuration } from './duration.ts';
import { type OnProblem, withFallback } from './errors.ts';
import type { IndicatorConfig, ThresholdConfig, WordsConfig } from './schema/indicators.ts';
import { didYouMean } from './suggest.ts';

/** Changes of built-in indicators and definitions of custom ones, by id. */
export type IndicatorsConfig = Readonly<Record<string, IndicatorConfig | null>>;

/**
 * Merges the indicators of a cluster into the common ones. An entry with a query defines an indicator anew, an entry
 * without one changes thresholds and limits, and `null` removes a custom indicator.
 */
export function mergeIndicators(
  common: IndicatorsConfig = {},
  override: IndicatorsConfig = {},
): Record<string, IndicatorConfig | null> {
  const merged: Record<string, IndicatorConfig | null> = { ...common };
  for (const [id, change] of Object.entries(override)) {
    if (change === null && common[id]?.query !== undefined) delete merged[id];
    else merged[id] = change === null || change.query !== undefined ? change : mergeEntry(common[id], change);
  }
  return merged;
}

function mergeEntry(common: IndicatorConfig | null | undefined, change: IndicatorConfig): IndicatorConfig {
  return { ...common, ...change, limits: { ...common?.limits, ...change.limits } };
}

/**
 * Returns the built-in indicators with the configured thresholds and limits, then the custom indicators.
 * @param onProblem receives lines that name the key
 */
export function resolveIndicators(
  catalog: readonly Indicator[],
  config: IndicatorsConfig,
  onProblem: OnProblem,
): Indicator[] {
  checkEntries(catalog, config, onProblem);
  const builtIn = catalog.map((indicator) => {
    const changes = config[indicator.id];
    return changes ? changeIndicator(indicator, changes, onProblem) : indicator;
  });
  const custom = Object.entries(config).flatMap(([id, entry]) =>
    entry?.query === undefined ? [] : [customIndicator(id, entry.query, entry, onProblem)],
  );
  return [...builtIn, ...custom];
}

/** Checks what the schema cannot: whether an indicator of this id exists, and what may be changed of it. */
function checkEntries(catalog: readonly Indicator[], config: IndicatorsConfig, onProblem: OnProblem): void {
  const builtIn = new Map(catalog.map((indicator) => [indicator.id, indicator]));
  const customIds = Object.keys(config).filter((id) => config[id]?.query !== undefined);
  for (const [id, entry] of Object.entries(config)) {
    const name = `indicators.${id}`;
    const indicator = builtIn.get(id);
    if (indicator && entry === null)
      onProblem(
        `${name}: is built in and cannot be removed; remove its thresholds with warning: null and critical: null`,
      );
    else if (indicator && entry?.query !== undefined)
      onProblem(
        `${name}.query: is built in and has a fixed query; choose another id to define a custom indicator`,
      );
    else if (indicator) checkLimits(indicator, entry?.limits, onProblem);
    else if (COVERAGE_CHECK_IDS.some((reserved) => reserved === id) && entry?.query !== undefined)
      onProblem(`${name}: is built in; choose another id for a custom indicator`);
    else if (entry?.query === undefined) {
      const candidates = [...new Set([...builtIn.keys(), ...customIds])];
      const advice =
        didYouMean(id, candidates) ||
        '; docs/indicators.md lists the built-in indicators, and a custom one needs title, query and unit';
      onProblem(`${name}: is not an indicator${advice}`);
    }
  }
}

function checkLimits(
  { id, capacity }: Indicator,
  limits: IndicatorConfig['limits'] = {},
  onProblem: OnProblem,
): void {
  const known = capacity?.limits.map((limit) => limit.id) ?? [];
  for (const limit of Object.keys(limits).filter((name) => !known.includes(name)))
    onProblem(
      known.length === 0
        ? `indicators.${id}.limits: is not supported by this indicator`
        : `indicators.${id}.limits.${limit}: is not a limit of this indicator${didYouMean(limit, known) || `; its limits are ${known.join(', ')}`}`,
    );
}

function changeIndicator(indicator: Indicator, changes: IndicatorConfig, onProblem: OnProblem): Indicator {
  const { id, capacity } = indicator;
  const thresholds = resolveThresholds(indicator.thresholds, changes, `indicators.${id}`, onProblem);
  return {
    ...indicator,
    thresholds,
    runbook: changes.runbook,
    ...(capacity && changes.limits
      ? { capacity: { ...capacity, limits: changeLimits(capacity.limits, changes.limits) } }
      : {}),
  };
}

/** A number replaces a limit, whether built in or queried; `null` removes it. */
function changeLimits(
  limits: readonly CapacityLimit[],
  changes: NonNullable<IndicatorConfig['limits']>,
): CapacityLimit[] {
  return limits.flatMap((limit) => {
    const value = changes[limit.id];
    if (value === null) return [];
    return [value === undefined ? limit : { id: limit.id, title: limit.title, value }];
  });
}

function customIndicator(
  id: string,
  query: string,
  config: IndicatorConfig,
  onProblem: OnProblem,
): Indicator {
  const { title, unit = 'count', explanation, impact, nextSteps = [], subject = 'cluster' } = config;
  return {
    id,
    isOwn: true,
    section: 'own',
    components: subject === 'node' ? ['agent'] : [],
    scope: subject === 'node' ? undefined : 'cluster',
    query,
    metrics: [],
    splitBy: config.splitBy,
    capacity: customCapacity(unit, config.limits),
    runbook: config.runbook,
    unit,
    title: inBothLanguages(title ?? id),
    explanation: inBothLanguages(explanation ?? ''),
    impact: inBothLanguages(impact ?? ''),
    nextSteps: nextSteps.map(({ text, command }) => ({ text: inBothLanguages(text), command })),
    reading: config.reading ?? 'maximum',
    thresholds: resolveThresholds({}, config, `indicators.${id}`, onProblem),
    whenAbsent: 'no-data',
    // Only the author knows whether an empty answer is normal or due to a misspelt name in the query. The default must
    // not let a misspelt name pass as healthy.
    whenEmpty: config.whenEmpty ?? 'no-data',
  };
}

/** The limits of a custom indicator have the names that the configuration gives them. */
function customCapacity(unit: Unit, limits: IndicatorConfig['limits'] = {}): Capacity | undefined {
  const known = Object.entries(limits).flatMap(([id, value]) =>
    value === null ? [] : [{ id, title: inBothLanguages(id), value }],
  );
  return known.length === 0 ? undefined : { unit, limits: known };
}

/** Returns the text in both languages; a text that is given in one language stands for both. */
function inBothLanguages(text: WordsConfig): LocalizedText {
  if (typeof text === 'string') return { en: text.trim(), 'zh-CN': text.trim() };
  const en = text.en ?? text['zh-CN'] ?? '';
  return { en: en.trim(), 'zh-CN': (text['zh-CN'] ?? en).trim() };
}

function resolveThresholds(
  base: Thresholds,
  changes: IndicatorConfig,
  name: string,
  onProblem: OnProblem,
): Thresholds {
  const thresholds: Thresholds = { ...base };
  for (const severity of ['warning', 'critical'] as const) {
    const change = changes[severity];
    if (change === null) delete thresholds[severity];
    else if (change) thresholds[severity] = toThreshold(change, `${name}.${severity}`, onProblem);
  }
  return thresholds;
}

function toThreshold(
  { for: duration, ...conditions }: ThresholdConfig,
  name: string,
  onProblem: OnProblem,
): Threshold {
  const forSeconds =
    duration === undefined ? 0 : withFallback(() => parseDuration(duration, `${name}.for`), 0, onProblem);
  return { ...conditions, forSeconds };
}
