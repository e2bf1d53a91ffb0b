import { compareNames } from '../../report/model/names.ts';
import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import type { Advice } from './result.ts';
import { listed } from './words.ts';

/** Which of the server's clusters this is. */
export const clusterLabel: Check = {
  id: 'cluster',
  title: 'Cluster',
  async run({ reportSurvey: { cluster } }) {
    if (cluster === null) return [];
    const others =
      cluster.others.length > 0
        ? `; the server also has ${listed([...cluster.others].sort(compareNames))}`
        : '';
    return [{ state: 'ok', detail: `${cluster.label}="${cluster.value}"${others}` }];
  },
};

/** Returns what to do when the server has several clusters and none is chosen. */
export function adviseOnClusters(values: readonly string[]): Advice[] {
  const names = values.filter((value) => value !== '').map(yamlText);
  return [
    { text: 'Choose one of them:', lines: [`--cluster ${names[0] ?? yamlText('')}`] },
    {
      text: 'Or list them in the configuration to check and report on each of them:',
      lines: ['clusters:', ...names.map((name) => `  - name: ${name}`)],
    },
  ];
}
