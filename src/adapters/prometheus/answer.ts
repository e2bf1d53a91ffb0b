import { QueryError } from '../../report/gather/errors.ts';
import type { Collector } from './collectors.ts';
import { createJsonStream, type Kind, type Visitor } from './json-stream.ts';
import type { LabelReader, Labels } from './labels.ts';

/** Reads the answer of a query while it arrives. It keeps the values and never the whole text. */
export type AnswerReader<T> = {
  /** @throws QueryError if the answer is not that of a query or is too large */
  push(chunk: Uint8Array): void;
  /** @throws QueryError if the answer is incomplete or is not the successful answer of this kind of query */
  end(): { entries: T[]; warnings: string[] };
};

/** What a value of an answer is, by its place (https://prometheus.io/docs/prometheus/latest/querying/api/). */
type Place =
  | 'answer'
  | 'status'
  | 'data'
  | 'resultType'
  | 'result'
  | 'entry'
  | 'metric'
  | 'values'
  | 'pair'
  | 'warnings'
  | 'isPartial'
  | 'unknown';

const MEMBERS: Partial<Record<Place, ReadonlyMap<string, Place>>> = {
  answer: new Map([
    ['status', 'status'],
    ['data', 'data'],
    ['warnings', 'warnings'],
    ['isPartial', 'isPartial'],
  ]),
  data: new Map([
    ['resultType', 'resultType'],
    ['result', 'result'],
  ]),
};

const ELEMENTS: Partial<Record<Place, Place>> = { result: 'entry', values: 'pair' };

/** Small values, which are read at once. */
const WHOLE: ReadonlySet<Place> = new Set([
  'metric',
  'pair',
  'status',
  'resultType',
  'warnings',
  'isPartial',
]);

/** What the parts of an answer say besides its entries. */
type Envelope = {
  /** The values at status, resultType, warnings and isPartial. */
  fields: Partial<Record<Place, unknown>>;
  hasResult: boolean;
  /** Whether all entries are as they should be. */
  isValid: boolean;
};

/**
 * Opens a reader for one answer. If a key is given twice, the last one counts, as in JSON.parse.
 * @param url the address for messages
 */
export function readAnswer<T>(
  collector: Collector<T>,
  readLabels: LabelReader,
  url: string,
): AnswerReader<T> {
  const envelope: Envelope = { fields: {}, hasResult: false, isValid: true };
  const stream = createJsonStream(createVisitor(collector, readLabels, envelope));
  let isHtml: boolean | undefined;

  function attempt(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error instanceof RangeError) throw wrongShape(url);
      if (!(error instanceof SyntaxError)) throw error;
      const what = isHtml ? 'an HTML page' : 'incomplete or invalid JSON';
      throw new QueryError(
        'not-prometheus',
        `${url} answered with ${what} instead of a query result; check the address and its path`,
        { cause: error },
      );
    }
  }

  return {
    push(chunk) {
      isHtml ??= beginsHtml(chunk);
      collector.takeBytes(chunk.length);
      attempt(() => stream.push(chunk));
    },
    end() {
      attempt(stream.end);
      const { fields, hasResult, isValid } = envelope;
      const isAnswer = fields.status === 'success' && hasResult && isValid;
      if (!isAnswer || fields.resultType !== collector.resultType) throw wrongShape(url);
      return { entries: collector.entries(), warnings: readWarnings(fields) };
    },
  };
}

function createVisitor<T>(
  collector: Collector<T>,
  readLabels: LabelReader,
  envelope: Envelope,
): Visitor<Place> {
  const entryKeys = new Map<string, Place>([
    ['metric', 'metric'],
    [collector.key, collector.key === 'values' ? 'values' : 'pair'],
  ]);
  const members: typeof MEMBERS = { ...MEMBERS, entry: entryKeys };
  let labels: Labels | null = null;

  /** What a place forgets when it begins, since it may not be there for the first time. */
  const begin: Partial<Record<Place, (kind: Kind) => void>> = {
    data() {
      delete envelope.fields.resultType;
      envelope.hasResult = false;
    },
    result(kind) {
      envelope.hasResult = kind === 'array';
      envelope.isValid = true;
      collector.clear();
    },
    entry(kind) {
      labels = null;
      if (kind !== 'object') envelope.isValid = false;
      collector.beginEntry();
    },
    values: (kind) => collector.beginValues(kind === 'array'),
  };

  return {
    root: 'answer',
    member: (place, key) => members[place]?.get(key) ?? 'unknown',
    element: (place) => ELEMENTS[place] ?? 'unknown',
    isWhole: (place) => WHOLE.has(place),
    value(place, text) {
      if (place === 'metric') {
        collector.takeLabels(text.length);
        labels = readLabels(text);
      } else if (place === 'pair') collector.pair(JSON.parse(text));
      else envelope.fields[place] = JSON.parse(text);
    },
    open: (place, kind) => begin[place]?.(kind),
    close(place) {
      if (place === 'entry' && (labels === null || !collector.endEntry(labels))) envelope.isValid = false;
    },
    elements: (place, bytes, at, end) => (place === 'values' ? collector.pairs(bytes, at, end) : at),
  };
}

/** Far more than a report shows (exchange.ts); the others are not even counted. */
const MOST_WARNINGS_READ = 10_000;

function readWarnings({ warnings, isPartial }: Envelope['fields']): string[] {
  return [
    // Prometheus 2.44 to 2.52 sent its "info" notes, for example on a counter's unusual name, as warnings.
    ...(Array.isArray(warnings) ? warnings.slice(0, MOST_WARNINGS_READ) : [])
      .map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
      .filter((text) => !text.startsWith('PromQL info:')),
    // A VictoriaMetrics cluster sets this without a warning if some of its storage nodes did not answer.
    ...(isPartial === true ? ['the answer is marked as partial (isPartial)'] : []),
  ];
}

/** Whether the first bytes of a body are those of HTML; `undefined` if they are only space. */
function beginsHtml(bytes: Uint8Array): boolean | undefined {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1').trimStart();
  return start === '' ? undefined : start.startsWith('<');
}

function wrongShape(url: string): QueryError {
  return new QueryError('not-prometheus', `${url} answered with JSON that is not a query result`);
}
