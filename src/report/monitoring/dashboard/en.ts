export const en = {
  title: 'Antrea health',
  description: 'The indicators of antrea-health-report, with its queries, thresholds and explanations.',
  datasource: 'Data source',
  cluster: 'Cluster',
  node: 'Node',
  keyIndicators: 'Key indicators',
  sentenceSpace: ' ',
};
