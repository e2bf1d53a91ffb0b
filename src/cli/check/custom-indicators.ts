import { keyPrefixes } from '../../config/clusters.ts';
import { valueAt } from '../../config/issues.ts';
import { isRefusedForSize } from '../../report/gather/errors.ts';
import { podsByNode } from '../../report/gather/survey/describe.ts';
import type { Check, Facts } from './facts.ts';
import type { Verdict } from './result.ts';
import { describeAnswer, type IndicatorTrial, tryIndicators } from './try-indicators.ts';

/** What the server returns for each custom indicator. */
export const customIndicators: Check = {
  id: 'indicators',
  title: 'Custom indicators',
  async run(facts) {
    const nodes = new Set(Object.keys(podsByNode(facts.survey).agent));
    const trials = await tryIndicators(facts.source, facts);
    return trials.map((trial) => judgeTrial(trial, nodes, facts));
  },
};

function judgeTrial(trial: IndicatorTrial, nodes: ReadonlySet<string>, facts: Facts): Verdict {
  const { indicator } = trial;
  const identity = { id: `indicators.${indicator.id}`, title: indicator.id };
  const { locate, query } = findQuery(indicator.id, facts);
  if (trial.ok) {
    const { line, doubts } = describeAnswer(indicator, trial.series, nodes);
    const texts = [...doubts, ...trial.warnings.map((warning) => `Prometheus warns: ${warning}`)];
    return {
      ...identity,
      state: texts.length > 0 ? 'note' : 'ok',
      detail: line,
      advice: texts.map((text) => ({ text: `${locate()}: ${text}` })),
    };
  }
  const { kind, message } = trial.error;
  const isRefused = kind === 'rejected' || isRefusedForSize(trial.error);
  // A parse error names its position, "2:7: parse error: …". The line holds for the configured query too,
  // because placeholders are replaced without line breaks.
  const [, line] = /\b(\d+):\d+: parse error/.exec(message) ?? [];
  const offset = line === undefined || query === undefined ? undefined : lineStart(query, Number(line));
  return {
    ...identity,
    state: 'problem',
    detail: isRefused ? 'the server refuses the query' : 'the server does not answer the query',
    advice: [{ text: `${locate(offset)}: ${message}` }],
    // A rejected query must be corrected in the file; a server may answer later.
    exitCode: isRefused ? 2 : 1,
  };
}

/** Returns the query as it is written in the file, and a function that names the file, the line and the key. */
function findQuery(
  id: string,
  { cluster, config }: Pick<Facts, 'cluster' | 'config'>,
): { locate: (offset?: number) => string; query: string | undefined } {
  const path = config
    ? keyPrefixes(config.file, cluster)
        .map((prefix) => [...prefix, 'indicators', id, 'query'])
        .find((candidate) => config.locations.has(candidate))
    : undefined;
  const query = path && valueAt(config?.file, path);
  return {
    query: typeof query === 'string' ? query : undefined,
    locate(offset) {
      const line = path && config?.locations.lineIn(path, offset);
      return `${config?.name}${line === undefined ? '' : `:${line}`}: indicators.${id}.query`;
    },
  };
}

/** Returns the offset of a line, counted from 1. */
function lineStart(text: string, line: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, { length }) => sum + length + 1, 0);
}
