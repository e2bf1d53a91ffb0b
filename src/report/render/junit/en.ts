export const en = {
  completeness: 'Completeness of the report',
  incident: (headline: string) => `Part of the incident: ${headline}`,
  /** The time zone of the times above. */
  times: (zone: string) => `Times are in ${zone}.`,
};
