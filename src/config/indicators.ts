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
import { noting } from './errors.ts';
import type { IndicatorConfig, ThresholdConfig, WordsConfig } from './schema/indicators.ts';
import { didYouMean } from './suggest.ts';

/** What a configuration says of indicators, by id. */
export type IndicatorsConfig = Readonly<Record<string, IndicatorConfig | null>>;

/**
 * What a cluster says of its indicators on top of what holds for all. With a query it defines one anew; without, it
 * changes thresholds and limits; `null` leaves an indicator of one's own out.
 */
export function mergeIndicators(
  common: IndicatorsConfig = {},
  special: IndicatorsConfig = {},
): Record<string, IndicatorConfig | null> {
  const merged: Record<string, IndicatorConfig | null> = { ...common };
  for (const [id, change] of Object.entries(special)) {
    if (change === null && common[id]?.query !== undefined) delete merged[id];
    else merged[id] = change === null || change.query !== undefined ? change : mergeEntry(common[id], change);
  }
  return merged;
}

function mergeEntry(common: IndicatorConfig | null | undefined, change: IndicatorConfig): IndicatorConfig {
  const limits = { ...common?.limits, ...change.limits };
  return { ...common, ...change, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

/** What is wrong with the ids and with what is said of them, a line each. Needs to know which indicators there are. */
function problemsOfIndicators(catalog: readonly Indicator[], config: IndicatorsConfig): string[] {
  const builtIn = new Set(catalog.map(({ id }) => id));
  const own = Object.keys(config).filter((id) => config[id]?.query !== undefined);
  return Object.entries(config).flatMap(([id, entry]) => {
    const name = `indicators.${id}`;
    if (builtIn.has(id) && entry === null)
      return `${name}: is built in and cannot be left out; warning: null and critical: null switch its thresholds off`;
    if (builtIn.has(id) && entry?.query !== undefined)
      return `${name}.query: is built in; its query cannot be changed, but another id makes it an indicator of your own`;
    if (builtIn.has(id)) return problemsOfLimits(catalog, id, entry?.limits);
    if (COVERAGE_CHECK_IDS.some((taken) => taken === id) && entry?.query !== undefined)
      return `${name}: is built in; choose another id for an indicator of your own`;
    if (entry?.query !== undefined) return [];
    const meant = didYouMean(id, [...new Set([...builtIn, ...own])]);
    return `${name}: is not an indicator${meant || '; docs/indicators.md lists them, and title, query and unit make it one of your own'}`;
  });
}

function problemsOfLimits(
  catalog: readonly Indicator[],
  id: string,
  limits: IndicatorConfig['limits'] = {},
): string[] {
  const known =
    catalog.find((indicator) => indicator.id === id)?.capacity?.limits.map((limit) => limit.id) ?? [];
  return Object.keys(limits)
    .filter((limit) => !known.includes(limit))
    .map((limit) =>
      known.length === 0
        ? `indicators.${id}.limits: has nothing to run into`
        : `indicators.${id}.limits.${limit}: is not a limit of it${didYouMean(limit, known) || `; there are ${known.join(', ')}`}`,
    );
}

/**
 * The built-in indicators with the thresholds and limits that the configuration gives them, then those that it adds.
 * What is wrong is added to `problems`, a line each that names the key.
 */
export function resolveIndicators(
  catalog: readonly Indicator[],
  config: IndicatorsConfig,
  problems: string[],
): Indicator[] {
  problems.push(...problemsOfIndicators(catalog, config));
  const builtIn = catalog.map((indicator) => {
    const changes = config[indicator.id];
    if (!changes) return indicator;
    const thresholds = thresholdsOf(indicator.thresholds, changes, `indicators.${indicator.id}`, problems);
    const { capacity } = indicator;
    if (!capacity || !changes.limits) return { ...indicator, thresholds };
    return {
      ...indicator,
      thresholds,
      capacity: { ...capacity, limits: limitsOf(capacity.limits, changes.limits) },
    };
  });
  const own = Object.entries(config).flatMap(([id, entry]) =>
    entry?.query === undefined ? [] : [ownIndicator(id, entry.query, entry, problems)],
  );
  return [...builtIn, ...own];
}

/** A number takes the place of what a limit is, and of what would be asked for it; null leaves it out. */
function limitsOf(
  built: readonly CapacityLimit[],
  changes: NonNullable<IndicatorConfig['limits']>,
): CapacityLimit[] {
  return built.flatMap((limit) => {
    const value = changes[limit.id];
    if (value === null) return [];
    return [value === undefined ? limit : { id: limit.id, title: limit.title, value }];
  });
}

/** Limits of an indicator of one's own are called what the configuration calls them. */
function ownCapacity(unit: Unit, limits: IndicatorConfig['limits'] = {}): Capacity | undefined {
  const known = Object.entries(limits).flatMap(([id, value]) =>
    value === null ? [] : [{ id, title: inBoth(id), value }],
  );
  return known.length === 0 ? undefined : { unit, limits: known };
}

function ownIndicator(id: string, query: string, config: IndicatorConfig, problems: string[]): Indicator {
  const { title, unit, explanation, impact, nextSteps = [], subject = 'cluster', splitBy } = config;
  const capacity = ownCapacity(unit ?? 'count', config.limits);
  return {
    id,
    isOwn: true,
    section: 'own',
    ...(subject === 'node' ? { components: ['agent'] } : { components: [], scope: 'cluster' }),
    query,
    metrics: [],
    ...(splitBy ? { splitBy } : {}),
    ...(capacity ? { capacity } : {}),
    // The schema demands both beside a query.
    unit: unit ?? 'count',
    title: inBoth(title ?? id),
    explanation: inBoth(explanation ?? ''),
    impact: inBoth(impact ?? ''),
    nextSteps: nextSteps.map(({ text, command }) => ({
      text: inBoth(text),
      ...(command === undefined ? {} : { command }),
    })),
    reading: config.reading ?? 'maximum',
    thresholds: thresholdsOf({}, config, `indicators.${id}`, problems),
    whenAbsent: 'no-data',
    // Nobody but its author knows whether an answer is missing because all is quiet or because a name in the query
    // is misspelt; a report must not take the second for the first.
    whenEmpty: config.whenEmpty ?? 'no-data',
  };
}

/** The same text in both languages where only one of them is given. */
function inBoth(given: WordsConfig): LocalizedText {
  if (typeof given === 'string') return { en: given.trim(), 'zh-CN': given.trim() };
  const en = given.en ?? given['zh-CN'] ?? '';
  return { en: en.trim(), 'zh-CN': (given['zh-CN'] ?? en).trim() };
}

function thresholdsOf(
  base: Thresholds,
  changes: IndicatorConfig,
  name: string,
  problems: string[],
): Thresholds {
  const thresholds: Thresholds = { ...base };
  for (const severity of ['warning', 'critical'] as const) {
    const change = changes[severity];
    if (change === null) delete thresholds[severity];
    else if (change) thresholds[severity] = thresholdOf(change, `${name}.${severity}`, problems);
  }
  return thresholds;
}

function thresholdOf(
  { for: duration, ...conditions }: ThresholdConfig,
  name: string,
  problems: string[],
): Threshold {
  const given = Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
  const forSeconds =
    duration === undefined ? 0 : noting(problems, () => parseDuration(duration, `${name}.for`), 0);
  return { ...given, forSeconds };
}
