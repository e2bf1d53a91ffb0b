import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { Verdict } from '../../report/model/report.ts';

/** What the page that lists the stored reports shows. */

export type ArchiveReport = {
  id: string;
  /** The cluster's name. */
  cluster: string;
  /** IANA name: the reader's times are the cluster's. */
  timeZone: string;
  /** Unix seconds. */
  period: { start: number; end: number };
  language: Language;
  verdict: Verdict;
  score: number;
  /** False: something could not be asked or judged. */
  complete: boolean;
  /** No target of Antrea was found: its score says nothing. */
  nothingSeen?: true;
  /** How many incidents of each severity. */
  critical: number;
  warning: number;
  /** Where its files are opened, by format. */
  links: Partial<Record<OutputFormat, string>>;
};

export type ArchiveCluster = {
  name: string;
  /** The page that lists only its reports. */
  link: string;
  /** Its latest reports, newest first, at most 30; none when nothing has been finished yet. */
  latest: readonly ArchiveReport[];
};

export type ArchivePage = {
  /** Set when the page is about one cluster. */
  cluster: string | null;
  /** Empty on all pages but the first. */
  clusters: readonly ArchiveCluster[];
  reports: readonly ArchiveReport[];
  /** The whole list; null where this is its first page. */
  first: string | null;
  next: string | null;
  /** The page of all clusters, where this one is about one cluster. */
  all?: string;
  /** The same page in the other language. */
  otherLanguage: { language: Language; link: string };
};
