import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { ListedReport } from '../archive/listing.ts';

/** The data of the reports page, which lists the stored reports. */

/** A listed report with the name of its cluster instead of the key, and URLs instead of formats. */
export type PageReport = Omit<ListedReport, 'cluster' | 'formats'> & {
  cluster: string;
  /** IANA name of the cluster's time zone, which all times of its reports are shown in. */
  timeZone: string;
  /** URL of each file. */
  links: Partial<Record<OutputFormat, string>>;
};

export type PageCluster = {
  name: string;
  /** URL of the page that lists only this cluster's reports. */
  link: string;
  /** Its latest reports of one length, newest first; empty while there is none. */
  latest: readonly PageReport[];
};

export type ReportsPage = {
  /** The cluster's name when the page lists the reports of one cluster. */
  cluster: string | null;
  /** Empty on every page of the list except the first. */
  clusters: readonly PageCluster[];
  reports: readonly PageReport[];
  /** URL of the list's first page; null on that page. */
  first: string | null;
  next: string | null;
  /** URL of the page of all clusters; null on that page. */
  all: string | null;
  /** The person who signed in; null for other callers. */
  person: { name: string; signOut: string } | null;
  /** URLs of this page in every other language. */
  languages: readonly { language: Language; link: string }[];
};
