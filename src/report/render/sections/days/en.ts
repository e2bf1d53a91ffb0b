import type { Section } from '../../../model/indicator.ts';
import { plural, upperFirst } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Day by day',
  summary: ({ days, critical, warning }: { days: number; critical: number; warning: number }) => {
    if (critical + warning === 0) return `No findings on any of the ${days} days.`;
    const parts = [
      critical > 0 ? `critical on ${plural(critical, 'day', 'days')}` : '',
      warning > 0 ? `warning on ${plural(warning, 'day', 'days')}` : '',
      days > critical + warning ? `no findings on ${plural(days - critical - warning, 'day', 'days')}` : '',
    ].filter((part) => part !== '');
    return `${upperFirst(parts.join(', '))}.`;
  },
  /** Of the control path: the controller and the connections of the agents to it. */
  availability: {
    sentence: (share: string, facts: readonly string[]) =>
      `The control path was available for ${share} of the time.${facts.length === 0 ? '' : ` ${upperFirst(facts.join('; '))}.`}`,
    noController: (duration: string) => `no controller answered: ${duration}`,
    unconnected: (duration: string) => `agents not connected to the controller: ${duration}`,
    unknown: (duration: string, share: string) => `unknown: ${duration} (${share})`,
    allUnknown: 'For how long the control path was available is unknown.',
    maintenance: (duration: string) => `Maintenance of ${duration} is left out.`,
    onlyMaintenance: 'The whole period was maintenance, so the control path has no availability.',
  },
  day: 'Day',
  newFindings: 'New findings',
  /** Headings of narrow columns. */
  columns: {
    availability: 'Availability',
    policy: 'Policy',
    service: 'Services',
    datapath: 'Datapath',
    'flow-export': 'Flow export',
    capacity: 'Capacity',
    resources: 'Processes',
    own: 'Custom',
    coverage: 'Coverage',
  } satisfies Record<Section | 'coverage', string>,
  /** Describes a mark: "Tue 17 Nov, Datapath: critical (OVS flow count)". `titles` may be empty. */
  cell: ({
    day,
    column,
    status,
    titles,
  }: Record<'day' | 'column' | 'status', string> & {
    titles: readonly string[];
  }) => `${day}, ${column}: ${status.toLowerCase()}${titles.length === 0 ? '' : ` (${titles.join(', ')})`}`,
  /** For days that are only partly in the period. */
  from: (time: string) => `from ${time}`,
  until: (time: string) => `until ${time}`,
};
