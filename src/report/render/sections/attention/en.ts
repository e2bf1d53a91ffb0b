export const en = {
  heading: 'Needs attention',
  nothing: 'Every indicator stayed within its thresholds.',
  nothingKnown: 'Every indicator with data stayed within its thresholds.',
};
