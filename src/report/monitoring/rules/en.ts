import type { Component } from '../../model/indicator.ts';
import type { LeftOut } from './model.ts';

export const en = {
  /** The beginning of a summary. Each argument is a template of Prometheus or empty. */
  summary: (title: string, node: string, details: string, value: string) =>
    `${title}${node === '' ? '' : ` on ${node}`}${details === '' ? '' : ` (${details})`}${value === '' ? '' : `: ${value}`}`,
  /** The same where the alert is about a process. */
  component: { agent: 'agent', controller: 'controller' } satisfies Record<Component, string>,
  gaps: { down: 'all scrapes fail', absent: 'it is no longer scraped' },
  restarts: (count: string) => `${count} in the last 24 hours`,
  sentenceSpace: ' ',

  header: (version: string) => [
    `Alerts on the health of Antrea, made by antrea-health-report ${version} from the same records as its reports.`,
    'Make this file again with `antrea-health rules`; docs/alerts.md explains what differs from the report.',
  ],
  windows: (scrapeInterval: string) =>
    `The ranges are those of a report on a day with a scrape interval of ${scrapeInterval}.`,
  noAlert: 'No alert:',
  leftOut: {
    'no-threshold': 'it has no threshold',
    'total-without-usual-level': 'a total has no usual level to compare with',
    'no-buckets': 'this server does not store the buckets of its histogram',
  } satisfies Record<LeftOut['reason'], string>,
  /** What a report finds for which there are no rules. */
  onlyInReports: [
    'scrape-coverage: single failed scrapes that add up to a tenth of a day',
    'steps and trends of four weeks, forecasts of limits, and missing data',
  ],
};
