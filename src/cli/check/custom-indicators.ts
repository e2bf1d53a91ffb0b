import { keyPrefixes } from '../../config/clusters.ts';
import type { Path } from '../../config/source-locations.ts';
import { podsByNode } from '../../report/gather/survey/describe.ts';
import { describeAnswer, type IndicatorTrial, tryIndicators } from '../try-indicators.ts';
import type { Check, Facts } from './facts.ts';
import { advise, type Verdict } from './result.ts';

/** What the server answers to each indicator of the user's own. */
export const ownIndicators: Check = {
  id: 'indicators',
  title: 'Own indicators',
  async run(facts) {
    const nodes = new Set(Object.keys(podsByNode(facts.survey).agent));
    const trials = await tryIndicators(facts.source, facts);
    return trials.map((trial) => judgeTrial(trial, nodes, facts));
  },
};

function judgeTrial(
  trial: IndicatorTrial,
  nodes: ReadonlySet<string>,
  { cluster, file }: Pick<Facts, 'cluster' | 'file'>,
): Verdict {
  const { indicator } = trial;
  const named = { id: `indicators.${indicator.id}`, title: indicator.id };
  const paths = file
    ? keyPrefixes(file.file, cluster).map((outer) => [...outer, 'indicators', indicator.id, 'query'])
    : [];
  const path = paths.find((one) => file?.locations.has(one));
  const place = (offset?: number) => {
    const line = path && file?.locations.lineIn(path, offset);
    return `${file?.name}${line === undefined ? '' : `:${line}`}: indicators.${indicator.id}.query`;
  };
  if (trial.ok) {
    const { line, doubts } = describeAnswer(indicator, trial.series, nodes);
    const texts = [...doubts, ...trial.warnings.map((warning) => `Prometheus warns: ${warning}`)];
    return {
      ...named,
      state: texts.length > 0 ? 'note' : 'ok',
      detail: line,
      advice: texts.map((text) => advise(`${place()}: ${text}`)),
    };
  }
  const { kind, message } = trial.error;
  // A parse error has a place, "2:7: parse error: …", in the query as it was sent: its lines are those of the file.
  const [, line = ''] = /\b(\d+):\d+: parse error/.exec(message) ?? [];
  const written = path && file ? valueAt(file.file, path) : undefined;
  const offset = line === '' || typeof written !== 'string' ? undefined : lineStart(written, Number(line));
  return {
    ...named,
    state: 'problem',
    detail: kind === 'rejected' ? 'the server refuses the query' : 'the query has no answer',
    advice: [advise(`${place(offset)}: ${message}`)],
    // What is wrong in the file is wrong whenever it is run; a server may be back.
    exitCode: kind === 'rejected' ? 2 : 1,
  };
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
}

function lineStart(text: string, line: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0);
}
