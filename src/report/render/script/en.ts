export const en = {
  copy: 'Copy',
  copied: 'Copied',
  failed: 'Copy failed. Select the text to copy it.',
  /** The name of a link to the incident or indicator next to it. */
  anchor: 'Link to this part',
  /** How a chart is read with the keyboard. */
  chartKeys: 'Arrow keys, Home and End show the values.',
  noData: 'no data',
  highest: 'Highest',
  median: 'Median',
  lowest: 'Lowest',
  filter: 'Filter',
  allStatuses: 'All statuses',
  status: 'Status',
  node: 'Node',
  text: 'Text',
  clear: 'Clear',
  indicators: '{shown} of {all} indicators',
  incidents: '{shown} of {all} incidents',
  comma: ', ',
};
