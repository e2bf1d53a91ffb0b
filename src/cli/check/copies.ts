import type { ReportSurvey } from '../../report/model/survey.ts';
import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';

/** Targets that are scraped several times: by replicas of Prometheus, or by two jobs. */
export const copies: Check = {
  id: 'copies',
  title: 'Copies',
  async run({ reportSurvey: { duplications } }) {
    return duplications.length === 0 ? [] : [describeCopies(duplications)];
  },
};

type Duplications = ReportSurvey['duplications'];

export function describeCopies(duplications: Duplications): Verdict {
  const groups = Map.groupBy(duplications, ({ label, values, isFilled }) =>
    JSON.stringify([label, values, isFilled]),
  );
  const advice = duplications.flatMap(adviseOnJobs);
  return {
    state: advice.length > 0 ? 'note' : 'ok',
    detail: [...groups.values()].map(describeGroup).join('; '),
    advice,
  };
}

/** @param group duplications that differ only in the component */
function describeGroup(group: Duplications): string {
  const [{ component, label, values, isFilled } = { component: '', label: '', values: [], isFilled: false }] =
    group;
  const [used = '', ...others] = values;
  const noun = group.length > 1 ? 'target' : component;
  const times = values.length === 2 ? 'twice' : `${values.length} times`;
  const filled = isFilled ? ` and fill its gaps from ${others.join(', ')}` : '';
  return `every ${noun} is scraped ${times} (${label}: ${values.join(', ')}); reports use ${used}${filled}`;
}

/** Replicas are intended; two jobs for the same targets rarely are. */
function adviseOnJobs({ component, label, values: [used = ''] }: Duplications[number]): Advice[] {
  if (label !== 'job') return [];
  const names = used.split(' + ').map(yamlText);
  return [
    {
      text: `Scrape each ${component} with only one job, or configure the job to use:`,
      lines: [
        'prometheus:',
        `  jobs: { ${component}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`} }`,
      ],
    },
  ];
}
