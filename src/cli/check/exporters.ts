import { EXPORTERS } from '../../report/catalog/exporters.ts';
import type { Exporter, ExporterId, Indicator } from '../../report/model/indicator.ts';
import { matcherText } from '../../report/promql/placeholders.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';
import { joined, listed } from './words.ts';

/** Which other exporters are scraped, and which indicators and limits need them. */
export const exporters: Check = {
  id: 'exporters',
  title: 'Other exporters',
  async run({ source, survey, settings, period }) {
    const needs = findNeeds(settings.indicators.filter(({ isOwn }) => !isOwn));
    const names = [...new Set(needs.flatMap((need) => need.metrics))];
    if (names.length === 0) return [];
    const { others } = survey.views[0].selection;
    const findNames = async (matchers: typeof others) => {
      const all = [{ label: '__name__', operator: '=~', value: names.join('|') } as const, ...matchers];
      const { samples } = await source.instant(`count by (__name__) ({${matcherText(all)}})`, period.end);
      return samples.flatMap(({ labels }) => labels['__name__'] ?? []);
    };
    const present = await findNames(others);
    // The series of other exporters may lack the label that selects the cluster.
    const unlabelled = others.length > 0 && present.length < names.length ? await findNames([]) : present;
    return [describeExporters(needs, new Set(present), new Set(unlabelled), matcherText(others))];
  },
};

/** Indicators and limits that a missing exporter names. */
const MOST_NAMES = 3;

/** The metrics of other exporters that an indicator or a limit reads. */
export type Need = {
  /** "missing-agents", "limit kubelet of local-pod-count". */
  name: string;
  metrics: readonly string[];
  /** It is not enabled without them, and a report is complete without it. */
  isOptional?: true;
};

const INSTALL: Readonly<Record<ExporterId, readonly Advice[]>> = {
  'kube-state-metrics': [
    {
      text: 'Install kube-state-metrics:',
      lines: [
        'helm install kube-state-metrics kube-state-metrics -n kube-system --repo https://prometheus-community.github.io/helm-charts',
      ],
    },
    {
      text: 'Scrape it:',
      lines: [
        'scrape_configs:',
        '  - job_name: kube-state-metrics',
        '    honor_labels: true',
        '    static_configs: [{ targets: ["kube-state-metrics.kube-system.svc:8080"] }]',
      ],
    },
  ],
  'antrea-resources': [
    {
      text: 'Start kube-state-metrics with --custom-resource-state-config-file and deploy/kube-state-metrics/antrea.yaml (docs/scraping.md).',
    },
  ],
  cadvisor: [{ text: 'Scrape /metrics/cadvisor of every kubelet.' }],
  kubelet: [{ text: 'Scrape /metrics of every kubelet.' }],
  'node-exporter': [{ text: 'Run node-exporter on every node, and scrape it.' }],
  'kube-apiserver': [{ text: 'Scrape /metrics of the API servers.' }],
  'x509-certificate-exporter': [
    { text: 'Run x509-certificate-exporter for the Secrets of Antrea, and scrape it.' },
  ],
};

/** In a query, braces follow the name of a metric, but not a label such as node_instance. */
const METRIC = new RegExp(
  `\\b(?:${EXPORTERS.flatMap(({ prefixes }) => prefixes).join('|')})[a-z0-9_]+(?=\\s*\\{)`,
  'g',
);

/** Returns the indicators and limits that read metrics of other exporters. */
export function findNeeds(indicators: readonly Indicator[]): Need[] {
  const queries = indicators.flatMap(({ id, query, counter = '', capacity, exporter }) => [
    { name: id, exporter, query: `${query} ${counter} ${capacity?.query ?? ''}` },
    ...(capacity?.limits ?? []).flatMap((limit) =>
      'query' in limit ? [{ name: `limit ${limit.id} of ${id}`, exporter, query: limit.query }] : [],
    ),
  ]);
  return queries.flatMap(({ name, exporter, query }) => {
    const metrics = [...new Set([...query.matchAll(METRIC)].map(([metric]) => metric))];
    const optional = exporter === undefined ? {} : ({ isOptional: true } as const);
    return metrics.length === 0 ? [] : [{ name, metrics, ...optional }];
  });
}

/**
 * @param present metric names of series with the labels of this cluster
 * @param unlabelled metric names of series with any labels
 * @param selector the labels of this cluster, for messages
 */
export function describeExporters(
  needs: readonly Need[],
  present: ReadonlySet<string>,
  unlabelled: ReadonlySet<string>,
  selector: string,
): Verdict {
  const exportersOf = ({ metrics }: Need) => EXPORTERS.filter((exporter) => isIn(new Set(metrics), exporter));
  const isIn = (names: ReadonlySet<string>, { prefixes }: Exporter) =>
    [...names].some((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  // A query that reads several exporters works with any of them.
  const unmet = needs.filter((need) => !exportersOf(need).some((exporter) => isIn(present, exporter)));
  const describe = (exporter: Exporter): string => {
    if (isIn(present, exporter)) return `${exporter.name.en} found`;
    // If any of several exporters would meet a need, only the first is named.
    const names = unmet.filter((need) => exportersOf(need)[0] === exporter).map(({ name }) => name);
    if (names.length > 0)
      return `no ${exporter.name.en} (needed by ${names.length > MOST_NAMES ? listed(names, MOST_NAMES) : joined(names)})`;
    const isAlternative = unmet.some((need) => exportersOf(need).includes(exporter));
    return `no ${exporter.name.en} ${isAlternative ? 'either' : '(not needed)'}`;
  };
  const used = EXPORTERS.filter((exporter) => needs.some((need) => exportersOf(need).includes(exporter)));
  // Everybody may do without the others.
  const required = unmet.filter(({ isOptional }) => !isOptional);
  const missing = used.find((exporter) => required.some((need) => exportersOf(need)[0] === exporter));
  return {
    state: required.length > 0 ? 'note' : 'ok',
    detail: used.map(describe).join('; '),
    advice: missing && adviseOnMissing(missing, isIn(unlabelled, missing), selector),
  };
}

function adviseOnMissing({ id, name }: Exporter, hasOtherLabels: boolean, selector: string) {
  if (!hasOtherLabels) return INSTALL[id];
  return [
    { text: `The server has ${name.en}, but its series lack ${selector}. Add the labels in its scrape job.` },
  ];
}
