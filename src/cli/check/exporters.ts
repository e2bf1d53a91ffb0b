import type { Indicator } from '../../report/model/indicator.ts';
import { matcherText } from '../../report/promql/placeholders.ts';
import type { Check } from './facts.ts';
import { type Advice, advise, type Verdict } from './result.ts';
import { joined } from './words.ts';

/** What other exporters add: kube-state-metrics, and cAdvisor in every kubelet. */
export const exporters: Check = {
  id: 'exporters',
  title: 'Other exporters',
  async run({ source, survey, settings, period }) {
    const wants = findWants(settings.indicators.filter(({ isOwn }) => !isOwn));
    const names = [...new Set(wants.flatMap((want) => want.metrics))];
    if (names.length === 0) return [];
    const { others } = survey.views[0].selection;
    const namesWith = async (matchers: typeof others) => {
      const all = [{ label: '__name__', operator: '=~', value: names.join('|') } as const, ...matchers];
      const { samples } = await source.instant(`count by (__name__) ({${matcherText(all)}})`, period.end);
      return samples.flatMap(({ labels }) => labels['__name__'] ?? []);
    };
    const present = await namesWith(others);
    // Exporters of the cluster's own may lack the label that Antrea's targets have.
    const elsewhere = others.length > 0 && present.length < names.length ? await namesWith([]) : present;
    return [describeExporters(wants, new Set(present), new Set(elsewhere), matcherText(others))];
  },
};

/** What a query of an indicator or a limit reads of other exporters. */
export type Want = {
  /** "missing-agents", "limit kubelet of local-pod-count". */
  what: string;
  metrics: readonly string[];
};

type Exporter = { name: string; prefix: string; install: readonly Advice[] };

/** By the beginning of the metrics' names. */
const EXPORTERS: readonly Exporter[] = [
  {
    name: 'kube-state-metrics',
    prefix: 'kube_',
    install: [
      advise('Install kube-state-metrics:', [
        'helm install kube-state-metrics kube-state-metrics -n kube-system --repo https://prometheus-community.github.io/helm-charts',
      ]),
      advise('Scrape it:', [
        'scrape_configs:',
        '  - job_name: kube-state-metrics',
        '    honor_labels: true',
        '    static_configs: [{ targets: ["kube-state-metrics.kube-system.svc:8080"] }]',
      ]),
    ],
  },
  {
    name: 'cAdvisor',
    prefix: 'container_',
    install: [advise('Scrape /metrics/cadvisor of every kubelet.')],
  },
  {
    name: 'node-exporter',
    prefix: 'node_',
    install: [advise('Run node-exporter on every node, and scrape it.')],
  },
];

/** A metric stands before braces; labels, such as node_instance, do not. */
const METRIC = new RegExp(
  `\\b(?:${EXPORTERS.map(({ prefix }) => prefix).join('|')})[a-z0-9_]+(?=\\s*\\{)`,
  'g',
);

/** Which indicators and limits read metrics that are not Antrea's own. */
export function findWants(indicators: readonly Indicator[]): Want[] {
  const queries = indicators.flatMap(({ id, query, counter = '', capacity }) => [
    { what: id, query: `${query} ${counter} ${capacity?.query ?? ''}` },
    ...(capacity?.limits ?? []).flatMap((limit) =>
      'query' in limit ? [{ what: `limit ${limit.id} of ${id}`, query: limit.query }] : [],
    ),
  ]);
  return queries.flatMap(({ what, query }) => {
    const metrics = [...new Set([...query.matchAll(METRIC)].map(([name]) => name))];
    return metrics.length === 0 ? [] : [{ what, metrics }];
  });
}

/**
 * @param present names with the labels of this cluster
 * @param elsewhere names with any labels
 * @param selector the labels of this cluster, for messages
 */
export function describeExporters(
  wants: readonly Want[],
  present: ReadonlySet<string>,
  elsewhere: ReadonlySet<string>,
  selector: string,
): Verdict {
  const wanted = EXPORTERS.filter(({ prefix }) =>
    wants.some(({ metrics }) => metrics.some((name) => name.startsWith(prefix))),
  );
  const isPresent = ({ prefix }: Exporter, names: ReadonlySet<string>) =>
    [...names].some((name) => name.startsWith(prefix));
  const exportersOf = ({ metrics }: Want) =>
    wanted.filter(({ prefix }) => metrics.some((name) => name.startsWith(prefix)));
  // A query that reads of several exporters takes what one of them has.
  const unmet = wants.filter((want) => !exportersOf(want).some((one) => isPresent(one, present)));
  // Where several exporters would answer, the first is named.
  const firstOf = (want: Want) => exportersOf(want)[0];
  const parts = wanted.map((one) => {
    if (isPresent(one, present)) return `${one.name} is there`;
    const mine = unmet.filter((want) => firstOf(want) === one);
    if (mine.length > 0)
      return `no ${one.name}, which ${joined(mine.map(({ what }) => what))} ${mine.length === 1 ? 'needs' : 'need'}`;
    return unmet.some((want) => exportersOf(want).includes(one))
      ? `no ${one.name} either`
      : `no ${one.name}, and nothing needs it`;
  });
  const first = wanted.find((one) => unmet.some((want) => firstOf(want) === one));
  return {
    state: unmet.length > 0 ? 'note' : 'ok',
    detail: parts.join('; '),
    advice:
      first === undefined
        ? []
        : isPresent(first, elsewhere)
          ? [
              advise(
                `The server has ${first.name}, but not with ${selector}: add these labels where it is scraped.`,
              ),
            ]
          : [...first.install],
  };
}
