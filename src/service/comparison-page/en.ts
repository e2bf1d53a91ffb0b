export const en = {
  title: (cluster: string) => `Comparison of ${cluster}`,
  heading: 'Comparison',
  first: 'First report',
  second: 'Second report',
  swap: 'Swap the reports',
};
