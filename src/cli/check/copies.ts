import type { ReportSurvey } from '../../report/model/survey.ts';
import { yamlText } from '../../report/model/yaml.ts';
import type { Check } from './facts.ts';
import { type Advice, advise, type Verdict } from './result.ts';

/** Targets that are scraped several times: by replicas of Prometheus, or by two jobs. */
export const copies: Check = {
  id: 'copies',
  title: 'Copies',
  async run({ surveyed: { duplications } }) {
    return duplications.length === 0 ? [] : [describeCopies(duplications)];
  },
};

type Duplications = ReportSurvey['duplications'];

export function describeCopies(duplications: Duplications): Verdict {
  const alike = Map.groupBy(duplications, ({ label, values, isFilled }) =>
    JSON.stringify([label, values, isFilled]),
  );
  const advice = duplications.flatMap(adviceOn);
  return {
    state: advice.length > 0 ? 'note' : 'ok',
    detail: [...alike.values()].map(describeAlike).join('; '),
    advice,
  };
}

function describeAlike(alike: Duplications): string {
  const [{ component, label, values, isFilled } = { component: '', label: '', values: [], isFilled: false }] =
    alike;
  const [used = '', ...others] = values;
  const what = alike.length > 1 ? 'target' : component;
  const times = values.length === 2 ? 'twice' : `${values.length} times`;
  return `every ${what} is there ${times}, by ${label} ${values.join(', ')}: reports use ${used}${isFilled ? ` and fill its gaps from ${others.join(', ')}` : ''}`;
}

/** Replicas are meant so; two jobs for the same targets hardly ever are. */
function adviceOn({ component, label, values: [used = ''] }: Duplications[number]): Advice[] {
  if (label !== 'job') return [];
  const names = used.split(' + ').map(yamlText);
  return [
    advise(`Scrape each ${component} by one job, or name the one that counts:`, [
      'prometheus:',
      `  jobs: { ${component}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`} }`,
    ]),
  ];
}
