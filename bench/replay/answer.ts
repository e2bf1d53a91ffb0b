/** The answer of a real server, kept in pieces from which the answer of a larger cluster is written fast. */
import { type Copies, type ReadTemplate, renderTemplate, type Template } from './copies.ts';

/** One series or sample. */
type Entry = {
  /** The index of the simulated node that it is about; `null` for the controller, the cluster and totals. */
  node: number | null;
  template: Template;
  /** What follows the labels, ready to send; `null` if the values grow with the cluster. */
  bytes: Buffer | null;
  /** The values, if they grow with the cluster. */
  pairs: Pair[];
};

type Pair = [number, string];

export type BaseAnswer = { resultType: string; entries: Entry[] };

type Body = {
  status: string;
  data: {
    resultType: string;
    result: { metric: Record<string, string>; values?: Pair[]; value?: Pair }[];
  };
};

/** Reads a successful answer to a query. */
export function readAnswer(body: string, query: string, readTemplate: ReadTemplate): BaseAnswer {
  const { data } = JSON.parse(body) as Body;
  const entries = data.result.map(({ metric, values, value }): Entry => {
    const { node, template } = readTemplate(JSON.stringify(metric));
    const pairs = values ?? (value ? [value] : []);
    const isTotal = node === null && growsWithCluster(query, metric);
    return {
      node,
      template,
      bytes: isTotal ? null : Buffer.from(pairsText(data.resultType, pairs)),
      pairs: isTotal ? pairs : [],
    };
  });
  return { resultType: data.resultType, entries };
}

function pairsText(resultType: string, pairs: readonly Pair[]): string {
  return resultType === 'matrix'
    ? `,"values":${JSON.stringify(pairs)}}`
    : `,"value":${JSON.stringify(pairs[0])}}`;
}

/**
 * Whether a value without a node is a total over the agents: the number of agents that the DaemonSets want, and the
 * numbers of series and the totals in the table of metrics. Other queries of a report return the difference or the
 * highest value of nodes, which are the same for a cluster with more nodes of the same kind.
 */
function growsWithCluster(query: string, { __name__: name, part }: Record<string, string>): boolean {
  if (/^sum\(max by \(daemonset\)/.test(query)) return true;
  const [metric = '', statistic] = (part ?? name ?? '').split(' ');
  return (
    metric !== '' && !metric.startsWith('antrea_controller_') && !['low', 'high'].includes(statistic ?? '')
  );
}

/** Large enough that a socket is written to rarely, small enough that few of them need little memory. */
const CHUNK_BYTES = 2 ** 20;

/** Yields the bytes of the answer of the larger cluster. */
export function* multiply({ resultType, entries }: BaseAnswer, copies: Copies): Generator<Buffer> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let used = 0;
  for (const piece of pieces(resultType, entries, copies)) {
    const length = typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
    if (used + length > chunk.length) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length));
      used = 0;
    }
    used += typeof piece === 'string' ? chunk.write(piece, used) : piece.copy(chunk, used);
  }
  yield chunk.subarray(0, used);
}

function* pieces(
  resultType: string,
  entries: readonly Entry[],
  { nodes, factor }: Copies,
): Generator<string | Buffer> {
  yield `{"status":"success","data":{"resultType":"${resultType}","result":[`;
  let separator = '{"metric":';
  for (const { node, template, bytes, pairs } of entries) {
    if (node !== null) continue;
    yield `${separator}${template.literals.join('')}`;
    separator = ',{"metric":';
    yield bytes ??
      pairsText(
        resultType,
        pairs.map((pair) => scale(pair, factor)),
      );
  }
  const byNode = Map.groupBy(entries, ({ node }) => node);
  for (const names of nodes)
    for (const { template, bytes } of byNode.get(names.original) ?? []) {
      yield `${separator}${renderTemplate(template, names)}`;
      separator = ',{"metric":';
      if (bytes !== null) yield bytes;
    }
  yield ']}}';
}

/** Whole numbers remain whole numbers, because counts of series are among them. */
function scale([time, text]: Pair, factor: number): Pair {
  const value = Number(text);
  return [time, String(Number.isInteger(value) ? Math.round(value * factor) : value * factor)];
}
