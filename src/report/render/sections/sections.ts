import type { Context } from '../kit/context.ts';
import { absentView } from './absent/view.ts';
import { alertsView } from './alerts/view.ts';
import { attentionView } from './attention/view.ts';
import { capacityView } from './capacity/view.ts';
import { changesView } from './changes/view.ts';
import { colophonView } from './colophon/view.ts';
import { coverageView } from './coverage/view.ts';
import { daysView } from './days/view.ts';
import { incidentsView } from './incidents/view.ts';
import { indicatorsView } from './indicators/view.ts';
import { mastheadView } from './masthead/view.ts';
import { metricsView } from './metrics/view.ts';
import { nodesView } from './nodes/view.ts';
import { nothingSeenView } from './nothing-seen/view.ts';
import { overviewView } from './overview/view.ts';
import { silencedView } from './silenced/view.ts';

/** What a section says about itself to the table of contents; `chapters` are lines of their own there. */
export type SectionView = object & {
  heading?: string;
  chapters?: readonly { anchor: string; title: string }[];
};

/**
 * A section of the report. Its code is in `sections/<name>/`; its template `section.hbs` and its styles `section.css` are
 * in `templates/sections/<name>/`.
 */
export type ReportSection = {
  name: string;
  /** The id of its element, to which links lead; null for a section without one. */
  anchor: string | null;
  /** Returns what its template prints; null where the report has no such section. */
  view(context: Context): SectionView | null;
};

export const HEADER: ReportSection = { name: 'masthead', anchor: null, view: mastheadView };

/** Replaces all other sections in a report that has nothing else to show. */
export const NOTHING_SEEN: ReportSection = {
  name: 'nothing-seen',
  anchor: 'nothing-seen',
  view: nothingSeenView,
};

/** The sections between header and footer, in their order on the page. */
export const SECTIONS: readonly ReportSection[] = [
  NOTHING_SEEN,
  { name: 'attention', anchor: 'attention', view: attentionView },
  { name: 'days', anchor: 'days', view: daysView },
  { name: 'nodes', anchor: 'nodes', view: nodesView },
  { name: 'incidents', anchor: 'incidents', view: incidentsView },
  { name: 'alerts', anchor: 'alerts', view: alertsView },
  { name: 'silenced', anchor: 'silenced', view: silencedView },
  { name: 'changes', anchor: 'changes', view: changesView },
  { name: 'capacity', anchor: 'capacity', view: capacityView },
  { name: 'overview', anchor: 'indicators', view: overviewView },
  { name: 'indicators', anchor: null, view: indicatorsView },
  { name: 'absent', anchor: 'absent', view: absentView },
  { name: 'coverage', anchor: 'coverage', view: coverageView },
  { name: 'metrics', anchor: 'metrics', view: metricsView },
];

export const FOOTER: ReportSection = { name: 'colophon', anchor: null, view: colophonView };

/** The pattern for spans without data, which charts refer to. */
const HATCH_ID = 'hatch';

/** The ids of the page's own elements. */
export const RESERVED_IDS: ReadonlySet<string> = new Set([
  HATCH_ID,
  ...SECTIONS.flatMap(({ anchor }) => anchor ?? []),
]);

/**
 * The files of the report's stylesheet, in the order in which they build on each other: the shared look, the sections,
 * and what all sections share on phones and on paper.
 */
export const STYLESHEETS: readonly string[] = [
  'styles/base.css',
  'styles/tables.css',
  'styles/details.css',
  'styles/charts.css',
  'styles/contents.css',
  'styles/tools.css',
  ...[HEADER, ...SECTIONS, FOOTER].map(({ name }) => `sections/${name}/section.css`),
  'styles/narrow.css',
  'styles/print.css',
];
