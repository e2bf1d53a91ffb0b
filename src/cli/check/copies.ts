import type { Check } from './facts.ts';
import { advise } from './result.ts';

/** Targets that are scraped several times: by replicas of Prometheus, or by two jobs. */
export const copies: Check = {
  id: 'copies',
  title: 'Copies',
  async run({ surveyed: { duplications } }) {
    return duplications.map(({ component, label, values, isFilled }) => {
      const [first = '', ...others] = values;
      const isJob = label === 'job';
      return {
        state: isJob ? 'note' : 'ok',
        detail: `every ${component} is there ${values.length} times, with ${label} ${values.join(', ')}: reports use ${first}${isFilled ? ` and fill its gaps from ${others.join(', ')}` : ''}`,
        advice: isJob
          ? [
              advise('Scrape each target by one job, or name the one that counts:', [
                'prometheus:',
                `  jobs: { ${component}: ${first} }`,
              ]),
            ]
          : [],
      };
    });
  },
};
