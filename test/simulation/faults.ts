/** What can go wrong in a simulated cluster, as data. Times are Unix seconds; a fault lasts from `start` up to `end`. */

type Span = { start: number; end: number };
type OnAgent = { node: string };
type OnController = { component: 'controller' };

export const OPERATIONS = ['add', 'modify', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The controller's three syncs, as their metrics spell them. */
export const SYNCS = ['network_policy', 'address_group', 'applied_to_group'] as const;
export type Sync = (typeof SYNCS)[number];

/** The limit of file descriptors of a process that gets a `file-descriptors` fault: with Go's usual 1048576 no ratio matters. */
export const SMALL_DESCRIPTOR_LIMIT = 1024;

export type Fault = Span &
  (
    | (OnAgent & { kind: 'pods'; level: number })
    /** `errors` failed bundles, evenly spread over the span. Give several of these for several bursts. */
    | (OnAgent & { kind: 'flow-operation-errors'; operation: Operation; errors: number })
    /** Every bundle takes exactly this long; all operations where none is named. */
    | (OnAgent & { kind: 'slow-flow-operations'; operation?: Operation; milliseconds: number })
    /** Every sync takes exactly this long, and there are syncs all the time. */
    | { kind: 'slow-policy-sync'; sync: Sync; milliseconds: number }
    /** Every IPv4 sync takes exactly this long. */
    | (OnAgent & { kind: 'slow-proxy-sync'; seconds: number })
    | (OnAgent & { kind: 'empty-pipeline' })
    | ((OnAgent | OnController) & { kind: 'file-descriptors'; ratio: number })
    | ((OnAgent | OnController) & { kind: 'high-cpu'; cores: number })
    /** Climbs in a straight line over the first quarter of the span, then stays at `bytes`. */
    | ((OnAgent | OnController) & { kind: 'memory-rise'; bytes: number })
    /** The span is the time without a process: scrapes fail, then the same series go on from 0. */
    | ((OnAgent | OnController) & { kind: 'container-restart' })
    /** The span is the time without a Pod: the old target is gone, then there is one of another name. */
    | ((OnAgent | OnController) & { kind: 'recreated-pod' })
    /** No scrape at all (`absent`: Prometheus was down or did not know the target), or failed ones (`down`: `up` is 0). */
    | ((OnAgent | OnController | { everywhere: true }) & { kind: 'scrape-gap'; as: 'absent' | 'down' })
  );

export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

export function isOf<Kind extends FaultKind>(fault: Fault, kind: Kind): fault is FaultOf<Kind> {
  return fault.kind === kind;
}

/** Whether a fault happens to this process. `other` is every process that is not Antrea's. */
export function concerns(fault: Fault, component: 'agent' | 'controller' | 'other', node: string): boolean {
  if ('everywhere' in fault) return true;
  if ('node' in fault) return component === 'agent' && fault.node === node;
  return component === 'controller';
}

export function contains(span: Span, seconds: number): boolean {
  return seconds >= span.start && seconds < span.end;
}

/** How much of a stretch of time a span covers, in seconds. */
export function overlap(span: Span, from: number, to: number): number {
  return Math.max(0, Math.min(span.end, to) - Math.max(span.start, from));
}

/** When the bundles of a burst fail. */
export function errorTimes(fault: FaultOf<'flow-operation-errors'>): number[] {
  const each = (fault.end - fault.start) / fault.errors;
  return Array.from({ length: fault.errors }, (_, index) => fault.start + (index + 0.5) * each);
}
