import type { OutputFormat } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { CalendarUnit } from '../../report/model/period.ts';
import type { Report, Verdict } from '../../report/model/report.ts';

/** What a digest says: one message about the reports of one period of all its clusters. */

export type DigestPoint = { end: number; verdict: Verdict; score: number; complete: boolean };

/**
 * A cluster in the digest. Silence is never taken for health: whatever is not `reported` says why.
 * `under-way`: asked for, not finished yet; `missing`: nobody has asked for it, or nothing is known of it.
 */
export type DigestCluster = {
  name: string;
  /** IANA name. */
  timeZone: string;
  /** What the digest is about, in this cluster's calendar, Unix seconds. */
  period: { start: number; end: number };
} & (
  | {
      state: 'reported';
      /** Without the points of its charts (`series` empty, `envelope` null) and without `metrics`. */
      report: Report;
      /** The score less that of the period before; null where there is none. */
      change: number | null;
      /** The reports of the same length, the latest first, at most 30; this one is among them. */
      course: readonly DigestPoint[];
      /** Where its files are opened, by format; without a scheme where the service's address is not known. */
      links: Partial<Record<OutputFormat, string>>;
    }
  | { state: 'failed' | 'under-way' | 'missing'; reason: string | null; link: string | null }
);

export type DigestAttachment = { cluster: string; name: string; bytes: number };

export type Digest = {
  language: Language;
  unit: CalendarUnit;
  /** The digest's own calendar, for its subject and its head. */
  timeZone: string;
  period: { start: number; end: number };
  clusters: readonly DigestCluster[];
  /** The page that lists all reports. */
  listLink: string | null;
  /** Whoever runs the service may add a line or two. Plain text. */
  note: string | null;
  /** PDFs in the message, and those that had no room in it, worst first. */
  attached: readonly DigestAttachment[];
  leftOut: readonly DigestAttachment[];
};

/** A picture in the message, shown where the HTML says `cid:…`. */
export type DigestImage = { cid: string; contentType: 'image/png'; bytes: Uint8Array };

export type RenderedDigest = { subject: string; html: string; text: string; images: readonly DigestImage[] };
