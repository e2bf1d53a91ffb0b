import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { Period } from '../../report/model/period.ts';
import type { ListedReport } from '../archive/listing.ts';
import type { PageForm } from '../page-frame/form.ts';
import type { PageLinks } from '../page-frame/frame.ts';

/** The data of the pages that list clusters and stored reports. */

/** A listed report with the name of its cluster instead of the key, and URLs instead of formats. */
export type PageReport = Omit<ListedReport, 'cluster' | 'formats'> & {
  cluster: string;
  /** URL of the cluster's page; empty when it is no longer configured. */
  clusterLink: string;
  /** IANA name of the cluster's time zone, which all times of its reports are shown in. */
  timeZone: string;
  /** URL of each file. */
  links: Partial<Record<OutputFormat, string>>;
  /** URL of the comparison with the report before. */
  comparison: string;
};

/** A report that is not ready. */
export type UnfinishedReport = {
  id: string;
  state: 'queued' | 'running' | 'failed';
  /** Why it failed, or why the last attempt did. */
  reason: string | null;
  /** When it was requested, begun or given up, Unix seconds. */
  since: number;
  period: Period;
  timeZone: string;
  language: Language;
  /** URL of its page. */
  link: string;
  /** Whether a schedule should have made it by now. */
  isLate: boolean;
};

/** A report that a schedule should have made and nobody has requested. `at`: when it was due, Unix seconds. */
export type MissedReport = { period: Period; timeZone: string; at: number };

export type PageCluster = {
  name: string;
  /** URL of its page. */
  link: string;
  /** Its latest reports of one length, newest first; empty while there is none. */
  latest: readonly PageReport[];
  /** The one requested last comes first. */
  unfinished: readonly UnfinishedReport[];
  missed: readonly MissedReport[];
};

export type ReportsPage = {
  /** Unix seconds. */
  now: number;
  /** The cluster's name when the page lists the reports of one cluster. */
  cluster: string | null;
  /** Empty on the list of all reports, and on every page of a list except the first. */
  clusters: readonly PageCluster[];
  /** Null on the page of all clusters. */
  reports: readonly PageReport[] | null;
  /** URL of the list's first page; null on that page. */
  first: string | null;
  next: string | null;
  /** Whether there is no cluster that the person may see. */
  hasNoCluster: boolean;
  /** Null on pages without it. */
  form: PageForm | null;
  /** Where a form sends the ids of two reports, and the language to send with them; null on pages of several clusters. */
  comparison: { action: string; language: string | null } | null;
  links: PageLinks;
};
