import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { PeriodUnit } from '../../report/model/period.ts';
import type { Report, Verdict } from '../../report/model/report.ts';

/** The data of a digest: one e-mail about the reports of all its clusters for one period. */

export type ScorePoint = { verdict: Verdict; score: number; complete: boolean };

/**
 * A cluster in the digest. A cluster without a report is never counted as healthy; its state says why there is none.
 * `under-way`: the report was requested and is not finished; `missing`: nobody requested it, or it cannot be read.
 */
export type DigestCluster = {
  name: string;
  /** IANA name. */
  timeZone: string;
  /** The period of the digest in this cluster's time zone, Unix seconds. */
  period: { start: number; end: number };
} & (
  | {
      state: 'reported';
      /** Without the points of its charts (`series` is empty, `envelope` is null) and without `metrics`. */
      report: Report;
      /** Change of the score from the report of the period before; null without one. */
      change: number | null;
      /** The scores of the reports of the same length, latest first, at most 30, including this report. */
      scoreHistory: readonly ScorePoint[];
      /** URL of each file; empty when the address of the HTTP API is not known. */
      links: Partial<Record<OutputFormat, string>>;
    }
  | { state: 'failed' | 'under-way' | 'missing'; reason: string | null; link: string | null }
);

export type ReportedCluster = Extract<DigestCluster, { state: 'reported' }>;

export type DigestAttachment = { cluster: string; name: string; bytes: number };

export type Digest = {
  language: Language;
  unit: PeriodUnit;
  /** The time zone of the digest's own period, which its subject and heading name. */
  timeZone: string;
  period: { start: number; end: number };
  clusters: readonly DigestCluster[];
  /** URL of the reports page. */
  listLink: string | null;
  /** Plain text from the configuration, shown at the top. */
  note: string | null;
  /** PDFs attached to the message, worst cluster first. */
  attached: readonly DigestAttachment[];
  /** PDFs that did not fit into the message, worst cluster first. */
  leftOut: readonly DigestAttachment[];
};

/** An image in the message, which the HTML refers to as `cid:…`. */
export type DigestImage = { cid: string; contentType: 'image/png'; bytes: Uint8Array };

export type RenderedDigest = { subject: string; html: string; text: string; images: readonly DigestImage[] };
