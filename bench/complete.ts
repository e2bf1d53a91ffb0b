import type { Report } from '../src/report/model/report.ts';

/** @throws if a server answered only some of the queries, since the times of such a report mean nothing */
export function checkComplete({ complete, comparisons, history }: Report): void {
  const unknown = comparisons.filter(({ known }) => !known).map(({ kind, reason }) => `${kind}: ${reason}`);
  const unanswered = (history?.unanswered ?? []).map(({ reason }) => `history: ${reason}`);
  const [first] = [...unknown, ...unanswered];
  if (!complete || first !== undefined)
    throw new Error(`the report is incomplete (${first ?? 'indicators'})`);
}
