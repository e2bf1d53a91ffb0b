import * as z from 'zod';
import { clustersOf, settingsOf } from '../../config/clusters.ts';
import { DURATION_PATTERN, parseDuration } from '../../config/duration.ts';
import { ConfigError } from '../../config/errors.ts';
import type { Config } from '../../config/file.ts';
import { resolvePeriod } from '../../config/period.ts';
import type { Settings } from '../../config/settings.ts';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import type { Period } from '../../report/model/period.ts';
import { lastPeriod, PERIOD_UNITS } from '../../report/model/period.ts';
import { PAGE_SIZES } from '../../report/model/rendition.ts';
import { recordedPeriod } from '../jobs/captures.ts';
import type { Job } from '../jobs/job.ts';
import { jobOf } from '../jobs/jobs.ts';
import type { ApiRequest } from './http.ts';
import { isJson } from './negotiate.ts';
import { ProblemError } from './problem.ts';

/** Ten times the longest sensible request. */
export const LARGEST_BODY_BYTES = 8192;

/** The longest quarter, plus the hour by which clocks may go back. In longer periods a chart step is too coarse to act on. */
const LONGEST_PERIOD_DAYS = 92;
const LONGEST_PERIOD_SECONDS = LONGEST_PERIOD_DAYS * 86_400 + 3600;

const time = z
  .string()
  .max(40)
  .regex(/^[\d:.TZ +-]+$/, {
    error: 'is not a time such as 2026-11-21, 2026-11-21T08:00 or 2026-11-21T08:00Z',
  })
  .describe('2026-11-21, 2026-11-21T08:00 (in the cluster’s time zone) or 2026-11-21T08:00Z');

/** A request for a report. It holds neither PromQL nor an address, a bucket or a path: those are configuration. */
export const reportRequestSchema = z.strictObject({
  cluster: z.string().min(1).max(200).describe('the name of a configured cluster'),
  period: z
    .enum(PERIOD_UNITS)
    .optional()
    .describe('the last whole day, week or month in the cluster’s time zone'),
  range: z
    .string()
    .max(20)
    .regex(DURATION_PATTERN, { error: 'is not a duration such as 30m, 24h or 7d' })
    .optional()
    .describe('how far the period reaches back from its end: 24h, 7d; the cluster’s range when absent'),
  start: time.optional(),
  end: time.optional().describe('now when absent'),
  language: z.enum(LANGUAGES).optional().describe('the cluster’s language when absent'),
  formats: z
    .array(z.enum(OUTPUT_FORMATS))
    .min(1)
    .max(OUTPUT_FORMATS.length)
    .optional()
    .describe('the cluster’s formats when absent; JSON is always made'),
  pageSize: z.enum(PAGE_SIZES).optional(),
});

export type ReportRequestBody = z.infer<typeof reportRequestSchema>;

/**
 * Returns the job that a request's body describes as JSON.
 * @throws ProblemError when the body is invalid
 */
export async function readReportRequest(
  request: Pick<ApiRequest, 'body' | 'headers'>,
  config: Config,
  now: Date,
): Promise<Job> {
  return jobOfRequest(parse(contentOf(request)), config, now);
}

/**
 * Returns the job of a request.
 * @throws ProblemError when the cluster is not configured, or has no such period
 */
export async function jobOfRequest(wanted: ReportRequestBody, config: Config, now: Date): Promise<Job> {
  const names = clustersOf(config).map(({ name }) => name);
  if (!names.includes(wanted.cluster))
    throw new ProblemError('unknown-cluster', 'cluster: is not a configured cluster', {
      violations: [{ pointer: '#/cluster', detail: 'is not a configured cluster' }],
    });
  const settings = settingsOf(config, wanted.cluster);
  const { language, formats, pageSize } = settings.rendition;
  const rendition = {
    language: wanted.language ?? language,
    formats: wanted.formats ?? formats,
    pageSize: wanted.pageSize ?? pageSize,
  };
  const period = await periodOf(wanted, settings, now);
  return jobOf({
    cluster: wanted.cluster,
    settings: settings.report,
    period,
    rendition,
    trigger: 'on-demand',
    now,
  });
}

type BodyViolation = { pointer: string; detail: string };

function contentOf({ body, headers }: Pick<ApiRequest, 'body' | 'headers'>): unknown {
  if (headers['content-type'] !== undefined && !isJson({ headers }))
    throw new ProblemError('unsupported-media-type', 'send the request as application/json');
  if (body === undefined || body.trim() === '')
    throw new ProblemError('invalid-json', 'the body is empty; it must be JSON such as {"cluster": "…"}');
  checkBodySize(body);
  try {
    return JSON.parse(body);
  } catch {
    throw new ProblemError('invalid-json', 'the body is not JSON');
  }
}

/** @throws ProblemError for a body that is too large */
export function checkBodySize(body: string | undefined): void {
  if (Buffer.byteLength(body ?? '') > LARGEST_BODY_BYTES)
    throw new ProblemError('body-too-large', `the body has more than ${LARGEST_BODY_BYTES} bytes`);
}

function parse(content: unknown): ReportRequestBody {
  const parsed = reportRequestSchema.safeParse(content);
  if (!parsed.success) throw invalid(parsed.error.issues.map(violationOf));
  const { period, range, start, end } = parsed.data;
  const clash = (name: string, other: string) =>
    invalid([{ pointer: `#/${name}`, detail: `cannot be given together with ${other}` }]);
  if (period !== undefined)
    for (const [name, value] of Object.entries({ range, start, end }))
      if (value !== undefined) throw clash(name, 'period');
  if (range !== undefined && start !== undefined) throw clash('range', 'start; give end instead');
  return parsed.data;
}

function violationOf(issue: z.core.$ZodIssue): BodyViolation {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...keys].map((part) => pointerPart(String(part)));
  const detail = issue.code === 'unrecognized_keys' ? 'is not known' : issue.message;
  return { pointer: ['#', ...path].join('/'), detail };
}

/** Encodes a key as part of a JSON Pointer in a URI (RFC 6901, section 6); keys of the request may be anything. */
function pointerPart(key: string): string {
  return encodeURIComponent(key.slice(0, 80).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'));
}

function invalid(violations: BodyViolation[]): ProblemError {
  const [first] = violations;
  const place = first ? first.pointer.replace(/^#\/?/, '') : '';
  return new ProblemError('invalid-request', `${place || 'the body'}: ${first?.detail ?? 'is wrong'}`, {
    violations,
  });
}

async function periodOf(
  { period, range, start, end }: ReportRequestBody,
  settings: Settings,
  now: Date,
): Promise<Period> {
  const recorded = await recordedPeriod(settings);
  if (recorded !== null) {
    const given = Object.entries({ period, range, start, end }).find(([, value]) => value !== undefined);
    if (given)
      throw invalid([
        {
          pointer: `#/${given[0]}`,
          detail: 'leave this out: the cluster is a capture, which has only one period',
        },
      ]);
    return recorded;
  }
  const { timeZone } = settings.report;
  if (period !== undefined) return lastPeriod(period, timeZone, now);
  try {
    const rangeSeconds = range === undefined ? settings.rangeSeconds : parseDuration(range, 'range');
    const names = { from: 'start', to: 'end', range: 'range' };
    const resolved = resolvePeriod({ from: start, to: end, rangeSeconds, timeZone, now, names });
    if (resolved.end - resolved.start > LONGEST_PERIOD_SECONDS)
      throw new ConfigError(
        `${start === undefined ? 'range' : 'start'}: the period is longer than ${LONGEST_PERIOD_DAYS} days`,
      );
    return resolved;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [, name = '', detail = error.message] = /^(\w+): (.*)$/s.exec(error.message) ?? [];
    throw invalid([{ pointer: `#/${name}`, detail }]);
  }
}
