export const en = {
  heading: 'All indicators',
  columns: {
    section: 'Section',
    status: 'Status',
    indicator: 'Indicator',
    reading: 'Reading',
    where: 'Where',
    thresholds: 'Thresholds (warning / critical)',
    trend: 'Trend',
  },
  trendDescription: (title: string) => `${title}: trend over the period`,
  noThresholds: 'none',
};
