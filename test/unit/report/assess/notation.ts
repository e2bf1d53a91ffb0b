/** A short notation for values on a grid, and data for assess made from it. */
import { type AssessOptions, assess } from '../../../../src/report/assess/assess.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../../../../src/report/assess/coverage/findings.ts';
import { type IndicatorAnswer, mergeAnswer } from '../../../../src/report/assess/indicator.ts';
import { CAUSE_RULES } from '../../../../src/report/catalog/causes/index.ts';
import { COVERAGE_CHECKS } from '../../../../src/report/catalog/coverage/index.ts';
import { KNOWN_DEFECTS } from '../../../../src/report/catalog/defects/index.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { VERSION_EVIDENCE } from '../../../../src/report/catalog/version-evidence.ts';
import type { Component, Indicator } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import type { Series, TargetData } from '../../../../src/report/model/series.ts';
import type { ReportSurvey } from '../../../../src/report/model/survey.ts';
import { type Gathered, toGathering } from '../../../fixtures/gathered.ts';

/** Reads '1 1 _ 5x3' as 1, 1, a missing point, and 5 three times. */
export function points(notation: string): Float64Array {
  const numbers = notation
    .trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [, value = '', times = '1'] = /^([^x]+)(?:x(\d+))?$/.exec(word) ?? [];
      const number = value === '_' ? Number.NaN : Number(value);
      if ((Number.isNaN(number) && value !== '_') || value === '')
        throw new Error(`"${word}" is not a point`);
      return new Array<number>(Number(times)).fill(number);
    });
  return Float64Array.from(numbers);
}

export const STEP = 300;
export const INTERVAL = 60;
export const START = Date.UTC(2026, 10, 20) / 1000;

export function iso(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Returns the time after this many steps of the period, as in a report. */
export function afterSteps(steps: number): string {
  return iso(START + steps * STEP);
}

export function series(notation: string, labels: Series['labels'] = {}): Series {
  return { labels: { node: 'node-1', ...labels }, values: points(notation) };
}

const surveyed = (job: string, targets: number) => ({
  targets,
  selector: `job="${job}"`,
  jobs: [job],
  foundBy: 'metrics' as const,
  nodeFrom: 'instance' as const,
  nodeLabel: 'instance',
});

export const SURVEY: ReportSurvey = {
  agent: surveyed('antrea-agents', 3),
  controller: surveyed('antrea-controllers', 1),
  windowsAgents: 0,
  cluster: null,
  duplications: [],
  forms: [],
  elsewhere: [],
};

const NO_TARGETS: TargetData = { attempts: [], successes: [], startTimes: [], desiredAgents: null };

/** A period of `count` steps without any data but `changes`. */
export function gatheredOf(count: number, changes: Partial<Gathered> = {}): Gathered {
  return {
    kind: 'present',
    cluster: 'test',
    period: { start: START, end: START + count * STEP },
    grid: { start: START, stepSeconds: STEP, count },
    timeZone: 'UTC',
    windows: {
      scrapeIntervalSeconds: INTERVAL,
      scrapeIntervalKnown: true,
      rateSeconds: STEP + INTERVAL,
      spanSeconds: STEP,
    },
    source: { kind: 'prometheus' },
    unanswered: [],
    exporterMetrics: new Set(),
    survey: SURVEY,
    pods: { agent: {}, controller: {} },
    indicators: {},
    earlier: [],
    history: {
      grid: { start: START, stepSeconds: 3600, count: 1 },
      windows: {
        scrapeIntervalSeconds: INTERVAL,
        scrapeIntervalKnown: true,
        rateSeconds: 3600 + INTERVAL,
        spanSeconds: 3600,
      },
      indicators: {},
      capacity: {},
    },
    limits: {},
    targets: { ok: true, value: NO_TARGETS },
    metrics: { ok: true, value: [] },
    warnings: [],
    ...changes,
  };
}

/** Returns the answer about one indicator in a period without a period before. */
export function answered(indicator: Indicator, lines: readonly Series[]): IndicatorAnswer {
  const answer = mergeAnswer(indicator, { ok: true, value: lines });
  return { query: indicator.query, answer, before: [] };
}

/** One target: scrapes attempted and answered in each step, and when its process started; `_` for none. */
export type TargetNotation = {
  node: string;
  component?: Component;
  pod?: string;
  tried: string;
  answered: string;
  started?: string;
};

/** Process starts in the notation are seconds after the start of the period. */
export function targetsOf(
  targets: readonly TargetNotation[],
  desiredAgents: number | null = null,
): Gathered['targets'] {
  const of = (notation: (target: TargetNotation) => string, offset = 0) =>
    targets.map((target) => ({
      labels: {
        component: target.component ?? 'agent',
        job: target.component === 'controller' ? 'antrea-controllers' : 'antrea-agents',
        instance: `${target.node};${target.pod ?? 'pod'}`,
        node: target.node,
      },
      values: points(notation(target)).map((value) => value + offset),
    }));
  return {
    ok: true,
    value: {
      attempts: of(({ tried }) => tried),
      successes: of(({ answered }) => answered),
      startTimes: of(({ started = '_' }) => started, START),
      desiredAgents,
    },
  };
}

export function indicatorNamed(id: string, changes: Partial<Indicator> = {}): Indicator {
  const found = INDICATORS.find((indicator) => indicator.id === id);
  if (!found) throw new Error(`there is no indicator ${id}`);
  return { ...found, ...changes };
}

export const OPTIONS: AssessOptions = {
  id: 'test',
  generatedAt: new Date('2026-11-21T06:00:00Z'),
  generator: { name: 'test', version: '0.0.0' },
  indicators: INDICATORS,
  coverage: DEFAULT_COVERAGE_THRESHOLDS,
  checks: COVERAGE_CHECKS.map(({ id }) => id),
  causes: CAUSE_RULES,
  evidence: VERSION_EVIDENCE,
  defects: KNOWN_DEFECTS,
  days: null,
  silences: [],
  links: [],
  leaveOut: [],
};

/** Returns the report of gathered data. */
export function assessed(gathered: Gathered): Promise<Report> {
  return assess(toGathering(gathered, OPTIONS.indicators), OPTIONS);
}
