import type { Sample } from '../../report/model/series.ts';
import type { Check } from './facts.ts';
import { advise, unknown, type Verdict } from './result.ts';
import { counted, listed } from './words.ts';

/** Whether the targets answer their scrapes now. */
export const scrapes: Check = {
  id: 'scrapes',
  title: 'Scrapes',
  async run({ ups }) {
    return [ups.ok ? describeScrapes(ups.value) : unknown(ups)];
  },
};

export function describeScrapes(ups: readonly Sample[]): Verdict {
  if (ups.length === 0)
    return {
      state: 'note',
      detail: 'no target has been scraped in the last minutes',
      advice: [
        advise(
          'Reports of a past period are still made. Check whether Prometheus still scrapes Antrea, on its page /targets, or whether something else writes the metrics without the series up.',
        ),
      ],
    };
  const down = ups.filter(({ value }) => value === 0);
  if (down.length === 0)
    return {
      state: 'ok',
      detail: `${ups.length === 1 ? 'the target answers' : `all ${ups.length} targets answer`}`,
    };
  const names = down.map(({ labels }) => {
    const { component = '', node = '', instance = '' } = labels;
    return `${component} on ${node || instance}`;
  });
  return {
    state: 'note',
    detail: `${ups.length - down.length} of ${counted(ups.length, 'target')} ${ups.length - down.length === 1 ? 'answers' : 'answer'}; down: ${listed(names)}`,
    advice: [
      advise('Read the error on the page /targets of Prometheus, and check the Pods.', [
        'kubectl get pods -A -l app=antrea -o wide',
      ]),
    ],
  };
}
