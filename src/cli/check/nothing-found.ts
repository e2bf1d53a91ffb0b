import { attempt } from '../../report/gather/attempt.ts';
import { lookElsewhere } from '../../report/gather/survey/elsewhere.ts';
import {
  describingLabels,
  fittingSettings,
  jobsLine,
  matchersLine,
} from '../../report/model/fitting-settings.ts';
import { COMPONENTS, type Component } from '../../report/model/indicator.ts';
import { NAMESPACE, SAMPLE_JOBS, WORKLOADS } from '../../report/model/product.ts';
import type { ReportSettings } from '../../report/model/report-settings.ts';
import type { ReportSurvey, TargetSettings } from '../../report/model/survey.ts';
import { yamlMap, yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import { type Advice, advise, type Verdict } from './result.ts';
import { counted, joined, listed, minuteOf } from './words.ts';

/** What the server has instead, where no target of Antrea was found. */
export const nothingFound: Check = {
  id: 'targets',
  title: 'Targets',
  async run({ source, period, settings }) {
    const [elsewhere, jobs] = await Promise.all([
      attempt(() => lookElsewhere(source, period)),
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
  /** The jobs that the server scrapes; `null`: not known. */
  jobs: readonly string[] | null;
  period: { start: number; end: number };
  settings: Pick<ReportSettings, 'targetSettings'>;
};

export function describeNothing({ elsewhere, jobs, period, settings }: NothingFound): Verdict {
  const { targetSettings } = settings;
  const hours = Math.round((period.end - period.start) / 3600);
  const whom = askedFor(targetSettings);
  const detail = `no target of Antrea in the last ${counted(hours, 'hour')}${whom === '' ? '' : ` with ${whom}`}`;
  if (elsewhere.length === 0)
    return { state: 'problem', detail: `${detail}; ${whatIsThere(jobs)}`, advice: SCRAPE_ANTREA };
  const isOver = elsewhere.every(({ lastSeen }) => Date.parse(lastSeen) / 1000 < period.start);
  return {
    state: 'problem',
    detail: `${detail}; the server has Antrea’s metrics in ${describeJobs(elsewhere)}`,
    advice: isOver
      ? [
          advise(
            'The scrapes have ended. Check on the page /targets of Prometheus whether the jobs are still there, and whether the Pods run.',
            ['kubectl get pods -A -l app=antrea -o wide'],
          ),
        ]
      : correctSettings(elsewhere, targetSettings),
  };
}

function askedFor({ jobs, matchers }: TargetSettings): string {
  const names = [...new Set(COMPONENTS.flatMap((component) => jobs[component] ?? []))];
  const labels = { ...matchers.agent, ...matchers.controller };
  return [
    ...(names.length > 0 ? [`prometheus.jobs ${names.join(', ')}`] : []),
    ...(Object.keys(labels).length > 0 ? [`prometheus.matchers ${yamlMap(labels)}`] : []),
  ].join(' and ');
}

/** Without Antrea's metrics anywhere. */
function whatIsThere(jobs: readonly string[] | null): string {
  if (jobs === null) return 'the server has no metrics of Antrea';
  if (jobs.length === 0)
    return 'the server is empty: it scrapes nothing, or the address or the tenant is another’s';
  return `the server scrapes ${counted(jobs.length, 'job')} (${listed(jobs, 8)}), none with metrics of Antrea`;
}

/** A server of many clusters has many entries. */
const MOST_JOBS = 6;

function describeJobs(elsewhere: Elsewhere): string {
  const rest = elsewhere.length - MOST_JOBS;
  const shown = elsewhere.slice(0, MOST_JOBS).map(describeJob).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function describeJob(one: Elsewhere[number]): string {
  const { job, component, lastSeen } = one;
  const labels = describingLabels(one);
  const shown = labels.length > 0 ? ` ${yamlMap(Object.fromEntries(labels))}` : '';
  return `job ${job} (${component}${shown}, last seen ${minuteOf(lastSeen)})`;
}

/** The lines of the configuration that fit what the server has; what fits already is left as it is. */
function correctSettings(elsewhere: Elsewhere, { jobs, matchers }: TargetSettings): Advice[] {
  const hasJobs = COMPONENTS.some((component) => jobs[component] !== undefined);
  const wanted = COMPONENTS.flatMap((component) => Object.entries(matchers[component]));
  const fitting = fittingSettings(elsewhere, wanted);
  const { replaced, absent } = fitting;
  const lines = [hasJobs ? jobsLine(fitting) : null, matchersLine(fitting)]
    .filter((line) => line !== null)
    .map((line) => `  ${line}`);
  return [
    ...(lines.length > 0 ? [advise('Correct the configuration:', ['prometheus:', ...lines])] : []),
    ...replaced
      .filter(({ values }) => values.length > 1)
      .map(({ label, values }) => advise(`Values of ${label}: ${joined(values.map(yamlText), 'or')}.`)),
    ...(absent.length > 0
      ? [advise(`Remove from prometheus.matchers what the targets do not have: ${absent.join(', ')}.`)]
      : []),
    ...(hasJobs ? [advise('Or remove prometheus.jobs: Antrea is found by its metrics.')] : []),
  ];
}

/** From build/yamls/antrea-prometheus.yml of Antrea; one role for both, since each container declares its port. */
const scrapeJob = (component: Component) => [
  `  - job_name: ${SAMPLE_JOBS[component]}`,
  '    scheme: https',
  '    tls_config: { insecure_skip_verify: true }',
  '    authorization: { credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token }',
  '    kubernetes_sd_configs: [{ role: pod }]',
  '    relabel_configs:',
  `      - { source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_container_name], regex: ${NAMESPACE};${WORKLOADS[component]}, action: keep }`,
  '      - { source_labels: [__meta_kubernetes_pod_node_name, __meta_kubernetes_pod_name], target_label: instance }',
];

const SCRAPE_ANTREA: Advice[] = [
  advise(
    `Check that this is the Prometheus of the cluster. If Antrea is not scraped yet, add to prometheus.yml (${NAMESPACE} is Antrea’s namespace; the ServiceAccount of Prometheus needs to list Pods and to get /metrics):`,
    ['scrape_configs:', ...COMPONENTS.flatMap(scrapeJob)],
  ),
];
