import { attempt } from '../../report/gather/attempt.ts';
import { findAntreaJobs } from '../../report/gather/survey/antrea-jobs.ts';
import {
  describingLabels,
  fittingSettings,
  jobsLine,
  matchersLine,
} from '../../report/model/fitting-settings.ts';
import { COMPONENTS, type Component } from '../../report/model/indicator.ts';
import { compareNames } from '../../report/model/names.ts';
import { NAMESPACE, SAMPLE_JOBS, WORKLOADS } from '../../report/model/product.ts';
import type { ReportSettings } from '../../report/model/report-settings.ts';
import type { ReportSurvey, TargetSettings } from '../../report/model/survey.ts';
import { yamlMap, yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';
import { counted, joined, listed } from './words.ts';

/** What the server has instead when it has no targets of Antrea. */
export const nothingFound: Check = {
  id: 'targets',
  title: 'Targets',
  async run({ source, period, settings }) {
    const [elsewhere, jobs] = await Promise.all([
      attempt(() => findAntreaJobs(source, period)),
      attempt(() => source.instant('count by (job) (up)', period.end)),
    ]);
    return [
      describeNothing({
        elsewhere: elsewhere.ok ? elsewhere.value : [],
        jobs: jobs.ok ? jobs.value.samples.map(({ labels }) => labels['job'] ?? '') : null,
        period,
        settings,
      }),
    ];
  },
};

type Elsewhere = ReportSurvey['elsewhere'];

export type NothingFound = {
  elsewhere: Elsewhere;
  /** The jobs that the server scrapes; `null` when unknown. */
  jobs: readonly string[] | null;
  period: { start: number; end: number };
  settings: Pick<ReportSettings, 'targetSettings'>;
};

export function describeNothing({ elsewhere, jobs, period, settings }: NothingFound): Verdict {
  const { targetSettings } = settings;
  const hours = Math.round((period.end - period.start) / 3600);
  const detail = `no targets of Antrea in the last ${counted(hours, 'hour')}${describeSelection(targetSettings)}`;
  if (elsewhere.length === 0)
    return { state: 'problem', detail: `${detail}; ${describeServer(jobs)}`, advice: [SCRAPE_ANTREA] };
  const hasEnded = elsewhere.every(({ lastSeen }) => Date.parse(lastSeen) / 1000 < period.start);
  return {
    state: 'problem',
    detail: `${detail}; the server has Antrea’s metrics in ${listed(elsewhere.map(describeJob), MAX_JOBS)}`,
    advice: hasEnded
      ? [
          {
            text: 'These targets are no longer scraped. Open the page /targets of Prometheus to see whether the jobs still exist, and check whether the Pods run.',
            lines: ['kubectl get pods -A -l app=antrea -o wide'],
          },
        ]
      : adviseOnSettings(elsewhere, targetSettings),
  };
}

function describeSelection({ jobs, matchers }: TargetSettings): string {
  const names = [...new Set(COMPONENTS.flatMap((component) => jobs[component] ?? []))];
  const labels = { ...matchers.agent, ...matchers.controller };
  const parts = [
    ...(names.length > 0 ? [`prometheus.jobs ${names.join(', ')}`] : []),
    ...(Object.keys(labels).length > 0 ? [`prometheus.matchers ${yamlMap(labels)}`] : []),
  ];
  return parts.length > 0 ? ` that match ${parts.join(' and ')}` : '';
}

/** Describes a server without any metrics of Antrea. */
function describeServer(jobs: readonly string[] | null): string {
  if (jobs === null) return 'the server has no metrics of Antrea';
  if (jobs.length === 0) return 'the server is empty: it scrapes nothing, or its address or tenant is wrong';
  return `the server scrapes ${counted(jobs.length, 'job')} (${listed([...jobs].sort(compareNames), 8)}), none with metrics of Antrea`;
}

/** A server with many clusters has many jobs. */
const MAX_JOBS = 6;

function describeJob(found: Elsewhere[number]): string {
  const { job, component, lastSeen } = found;
  const labels = describingLabels(found);
  const labelText = labels.length > 0 ? ` ${yamlMap(Object.fromEntries(labels))}` : '';
  // 2026-11-21T08:00:00.000Z as 2026-11-21 08:00
  const minute = lastSeen.slice(0, 16).replace('T', ' ');
  return `job ${job} (${component}${labelText}, last seen ${minute} UTC)`;
}

/** Returns the lines of the configuration that match what the server has; lines that match already are not changed. */
function adviseOnSettings(elsewhere: Elsewhere, { jobs, matchers }: TargetSettings): Advice[] {
  const hasJobs = COMPONENTS.some((component) => jobs[component] !== undefined);
  const wanted = COMPONENTS.flatMap((component) => Object.entries(matchers[component]));
  const fitting = fittingSettings(elsewhere, wanted);
  const { replaced, absent } = fitting;
  const lines = [hasJobs ? jobsLine(fitting) : null, matchersLine(fitting)]
    .filter((line) => line !== null)
    .map((line) => `  ${line}`);
  return [
    ...(lines.length > 0 ? [{ text: 'Correct the configuration:', lines: ['prometheus:', ...lines] }] : []),
    ...replaced
      .filter(({ values }) => values.length > 1)
      .map(({ label, values }) => ({ text: `Values of ${label}: ${joined(values.map(yamlText), 'or')}.` })),
    ...(absent.length > 0
      ? [
          {
            text: `Remove from prometheus.matchers the labels that the targets do not have: ${absent.join(', ')}.`,
          },
        ]
      : []),
    ...(hasJobs ? [{ text: 'Or remove prometheus.jobs: Antrea is found by its metrics.' }] : []),
  ];
}

/**
 * From build/yamls/antrea-prometheus.yml of Antrea. Both components use the role `pod`, because each container declares
 * its port.
 */
const scrapeJob = (component: Component) => [
  `  - job_name: ${SAMPLE_JOBS[component]}`,
  '    scheme: https',
  '    tls_config: { insecure_skip_verify: true }',
  '    authorization: { credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token }',
  '    kubernetes_sd_configs: [{ role: pod }]',
  '    relabel_configs:',
  `      - { source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_container_name], regex: ${NAMESPACE};${WORKLOADS[component]}, action: keep }`,
  '      - { source_labels: [__meta_kubernetes_pod_node_name, __meta_kubernetes_pod_name], target_label: instance }',
  '      - { source_labels: [__meta_kubernetes_pod_node_name], target_label: node }',
];

const SCRAPE_ANTREA: Advice = {
  text: `Check that this is the Prometheus of the cluster. If it does not scrape Antrea yet, add the lines below to prometheus.yml. ${NAMESPACE} is Antrea’s namespace; the ServiceAccount of Prometheus needs permission to list Pods and to get /metrics. docs/scraping.md has the permissions, and jobs that verify the certificate of the controller.`,
  lines: ['scrape_configs:', ...COMPONENTS.flatMap(scrapeJob)],
};
