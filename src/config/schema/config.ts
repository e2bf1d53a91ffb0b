import * as z from 'zod';
import { serve } from '../../adapters/http/schema.ts';
import { signIn } from '../../adapters/oidc/schema.ts';
import { prometheus } from '../../adapters/prometheus/schema.ts';
import { DEFAULT_FORMATS, OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { link, runbook } from '../../report/model/links.ts';
import { PAGE_SIZES } from '../../report/model/rendition.ts';
import { OPTIONAL_SECTIONS } from '../../report/model/report-values.ts';
import { archive } from './archive.ts';
import { channel } from './channels.ts';
import { deployment } from './deployment.ts';
import { duration } from './duration.ts';
import { indicators } from './indicators.ts';
import { linkAddress, mail } from './mail.ts';
import { digest, schedule } from './schedules.ts';
import { maintenance, silence } from './silences.ts';

/**
 * The schema of the configuration file. Objects refuse unknown keys so that misspelt keys are found. Values are not
 * transformed so that `docs/config.schema.json`, which is generated from this schema, is equivalent.
 */

const report = {
  timeZone: z
    .string()
    .optional()
    .describe('IANA name of the time zone in which reports show times; UTC when absent'),
  language: z.enum(LANGUAGES).optional().describe('language of reports; en when absent'),
  formats: z
    .array(z.enum(OUTPUT_FORMATS))
    .min(1)
    .optional()
    .describe(`files to write; ${DEFAULT_FORMATS.join(', ')} when absent`),
  pageSize: z.enum(PAGE_SIZES).optional().describe('paper size of the PDF; A4 when absent'),
  range: duration.optional().describe('length of the period, counted back from its end; 24h when absent'),
  step: duration
    .optional()
    .describe('distance between the points that are queried; chosen from the period when absent'),
  prometheus: prometheus.optional(),
  indicators: indicators
    .optional()
    .describe(
      'by id: thresholds of built-in indicators, and custom indicators; null removes a custom indicator from a cluster',
    ),
  coverage: z
    .strictObject({
      gap: duration.optional().describe('shortest time without data that is a finding; 10m when absent'),
      restarts: z
        .strictObject({
          warning: z.number().int().positive().optional(),
          critical: z.number().int().positive().optional(),
        })
        .optional()
        .describe('number of restarts of a process that is a finding'),
    })
    .optional(),
  silences: z
    .array(silence)
    .max(100)
    .optional()
    .describe('known faults, whose findings do not count until a time'),
  maintenance: z.array(maintenance).max(100).optional().describe('planned work; its findings do not count'),
  runbook: runbook
    .optional()
    .describe(
      'address of your runbooks, for each incident, indicator and alert; {indicator} is the id of the indicator or check',
    ),
  leaveOut: z
    .array(z.enum(OPTIONAL_SECTIONS))
    .optional()
    .describe('sections that HTML and PDF leave out; metrics: the explanation of every metric'),
  links: z
    .array(link)
    .max(5)
    .refine((links) => new Set(links.map(({ title }) => title)).size === links.length, {
      error: 'has two links with the same title',
    })
    .optional()
    .describe('links to other pages, such as Prometheus and Grafana, for each incident and each indicator'),
};

const cluster = z.strictObject({ name: z.string().min(1).max(200), ...report });

export const configSchema = z
  .strictObject({
    ...report,
    clusters: z
      .array(cluster)
      .min(1)
      .optional()
      .describe(
        'the clusters, each with the keys in which it differs; keys at the top level apply to all clusters',
      ),
    schedules: z
      .array(schedule)
      .min(1)
      .max(50)
      .optional()
      .describe('when the service makes reports automatically'),
    digests: z.array(digest).min(1).max(50).optional().describe('messages about the reports of a period'),
    mail: mail.optional().describe('how digests are sent by e-mail'),
    channels: z
      .array(channel)
      .min(1)
      .max(50)
      .optional()
      .describe('chat channels and programs that get digests'),
    address: linkAddress
      .optional()
      .describe(
        'address at which people reach the service, for the links of digests, for forms and for signIn; on AWS, digests use that of the deployment when absent',
      ),
    archive: archive.optional(),
    serve: serve.optional(),
    signIn: signIn.optional(),
    aws: deployment.optional(),
  })
  .describe('Configuration of antrea-health-report');

export type ConfigFile = z.infer<typeof configSchema>;
export type ReportConfig = Omit<
  ConfigFile,
  | 'clusters'
  | 'schedules'
  | 'digests'
  | 'mail'
  | 'channels'
  | 'address'
  | 'archive'
  | 'serve'
  | 'signIn'
  | 'aws'
>;
