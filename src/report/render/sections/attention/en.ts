import { count } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Needs attention',
  ongoing: (incidents: number) => `Still ongoing (${count(incidents)})`,
  over: (incidents: number) => `Over by the end (${count(incidents)})`,
  nothing: 'Every indicator stayed within its thresholds.',
  nothingKnown: 'Every indicator with data stayed within its thresholds.',
};
