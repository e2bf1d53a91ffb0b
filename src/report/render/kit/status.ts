import type { ReportIndicator } from '../../model/report.ts';
import { mark } from './charts/mark.ts';
import type { Context } from './context.ts';
import type { Markup } from './markup.ts';
import type { ShownStatus } from './words/facts.ts';

/** Returns the status to show: an indicator without activity or thresholds is not called healthy. */
export function shownStatus({ status, idle, judged }: ReportIndicator): ShownStatus {
  if (status !== 'healthy') return status;
  if (idle) return 'idle';
  return judged ? 'healthy' : 'information';
}

export type StatusView = { kind: ShownStatus; word: string; mark: Markup };

export function statusView({ words }: Context, kind: ShownStatus): StatusView {
  return { kind, word: words.statuses[kind], mark: mark(kind) };
}
