import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import { type Advice, advise } from './result.ts';
import { listed } from './words.ts';

/** Which of the clusters of the server this is. */
export const clusterLabel: Check = {
  id: 'cluster',
  title: 'Cluster',
  async run({ surveyed: { cluster } }) {
    if (cluster === null) return [];
    const others = cluster.others.length > 0 ? `; the server also has ${listed(cluster.others)}` : '';
    return [{ state: 'ok', detail: `${cluster.label}="${cluster.value}"${others}` }];
  },
};

/** What to do when several clusters are there and none of them is named. */
export function adviseOnClusters(values: readonly string[]): Advice[] {
  const named = values.filter((value) => value !== '');
  return [
    advise('Name one of them:', [`--cluster ${yamlText(named[0] ?? '')}`]),
    advise('Or list them in the configuration, to check and report on each:', [
      'clusters:',
      ...named.map((value) => `  - name: ${yamlText(value)}`),
    ]),
  ];
}
