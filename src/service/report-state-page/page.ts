import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { Period } from '../../report/model/period.ts';
import type { ReportState } from '../archive/state.ts';
import type { PageLinks } from '../page-frame/frame.ts';

/** The data of the page about one report: until it is ready, or when it has no HTML to show. */
export type ReportStatePage = {
  cluster: string;
  period: Period;
  /** IANA name of the cluster's time zone. */
  timeZone: string;
  /** The language of the report. */
  language: Language;
  state: ReportState['state'];
  /** Why it failed, or why the last attempt did. */
  reason: string | null;
  /** When it was requested, begun, given up or finished, Unix seconds. */
  since: number;
  /** URLs of its files. */
  files: Partial<Record<OutputFormat, string>>;
  missing: ReportState['missing'];
  /** The form that requests the report again; null while it is under way. */
  again: { action: string; id: string } | null;
  links: PageLinks;
};
