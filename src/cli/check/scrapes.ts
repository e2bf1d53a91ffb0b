import { compareNames } from '../../report/model/names.ts';
import type { Sample } from '../../report/model/series.ts';
import type { Check } from './facts.ts';
import { unknownVerdict, type Verdict } from './result.ts';
import { counted, listed } from './words.ts';

/** Whether the targets answer now. */
export const scrapes: Check = {
  id: 'scrapes',
  title: 'Scrapes',
  async run({ ups }) {
    return [ups.ok ? describeScrapes(ups.value) : unknownVerdict(ups.reason)];
  },
};

export function describeScrapes(ups: readonly Sample[]): Verdict {
  const total = ups.length;
  if (total === 0)
    return {
      state: 'note',
      detail: 'no target was scraped in the last minutes',
      advice: [
        {
          text: 'Reports of earlier periods can still be made. Open the page /targets of Prometheus to see whether it still scrapes Antrea. If another program writes the metrics, the series up is missing.',
        },
      ],
    };
  const down = ups.filter(({ value }) => value === 0);
  if (down.length === 0)
    return { state: 'ok', detail: total === 1 ? 'the target answers' : `all ${total} targets answer` };
  const names = down.map(({ labels: { component = '', node = '', instance = '' } }) => {
    return `${component} on ${node || instance}`;
  });
  const up = total - down.length;
  return {
    state: 'note',
    detail: `${up} of ${counted(total, 'target')} ${up === 1 ? 'answers' : 'answer'}; down: ${listed(names.sort(compareNames))}`,
    advice: [
      {
        text: 'Open the page /targets of Prometheus to see the error, and check the Pods.',
        lines: ['kubectl get pods -A -l app=antrea -o wide'],
      },
    ],
  };
}
