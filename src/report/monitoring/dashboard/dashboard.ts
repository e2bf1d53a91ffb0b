import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Indicator, type Language, SECTIONS, type Unit } from '../../model/indicator.ts';
import { createNumberFormatter } from '../../render/kit/numbers.ts';
import { thresholdsSentence } from '../../render/kit/thresholds.ts';
import { WORDS } from '../../render/kit/words/words.ts';
import { hasBothComponents, isPerNode } from '../queries.ts';
import type { MonitoredTargets } from '../targets.ts';
import { type DashboardQueries, MIN_INTERVAL, openDashboardQueries } from './queries.ts';
import { thresholdSteps } from './thresholds.ts';
import { DASHBOARD_WORDS } from './words.ts';

export type DashboardRequest = {
  targets: MonitoredTargets;
  indicators: readonly Indicator[];
  language: Language;
};

/** The indicators of the article that the project grew from, in its order (docs/decisions/0004-thresholds.md). */
const KEY_INDICATORS: readonly string[] = [
  'network-policy-sync-duration',
  'applied-to-group-sync-duration',
  'address-group-sync-duration',
  'proxy-sync-duration',
  'ovs-flow-operation-latency',
  'ovs-flow-operation-errors',
  'ovs-flow-count',
  'cpu-usage',
  'resident-memory',
  'virtual-memory',
  'open-file-descriptors',
  'local-pod-count',
];

/** The units of Grafana (packages/grafana-data/src/valueFormats/categories.ts). */
const UNITS: Readonly<Record<Unit, string>> = {
  milliseconds: 'ms',
  seconds: 's',
  bytes: 'bytes',
  ratio: 'percentunit',
  'per-second': 'ops',
  cores: 'none',
  count: 'short',
  'failed-bundles': 'short',
  flows: 'short',
  pods: 'short',
  restarts: 'short',
  agents: 'short',
  controllers: 'short',
  containers: 'short',
  items: 'short',
  retries: 'short',
  'service-ports': 'short',
  packets: 'short',
  connections: 'short',
  reconnections: 'short',
  'domain-names': 'short',
  evictions: 'short',
  goroutines: 'short',
};

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** Grafana's grid has 24 columns. */
const PANEL = { width: 8, height: 8 };

/** Returns a dashboard of Grafana: the key indicators, then a closed row for the others of each section. */
export function makeDashboard({ targets, indicators, language }: DashboardRequest): object {
  const words = DASHBOARD_WORDS[language];
  const queries = openDashboardQueries(targets);
  const panelOf = openPanels(queries, language);
  const builder = new DashboardBuilder(words.title)
    .uid(`antrea-health-${language.toLowerCase()}`)
    .description(words.description)
    .tags(['antrea'])
    .time({ from: 'now-24h', to: 'now' })
    .refresh('5m')
    .timezone('browser')
    .variables(variablesOf(queries, language))
    .withRow(new RowBuilder(words.keyIndicators));
  const isKey = ({ id }: Indicator) => KEY_INDICATORS.includes(id);
  const byId = new Map(indicators.map((indicator) => [indicator.id, indicator]));
  for (const id of KEY_INDICATORS) {
    const indicator = byId.get(id);
    if (indicator !== undefined) builder.withPanel(panelOf(indicator));
  }
  for (const section of SECTIONS) {
    const others = indicators.filter((indicator) => indicator.section === section && !isKey(indicator));
    if (others.length === 0) continue;
    const row = new RowBuilder(WORDS[language].chapters[section]).collapsed(true);
    for (const indicator of others) row.withPanel(panelOf(indicator));
    builder.withRow(row);
  }
  return withIds(builder.build());
}

function variablesOf({ clusters, nodes, nodePattern, cluster }: DashboardQueries, language: Language) {
  const words = DASHBOARD_WORDS[language];
  const query = (name: string, label: string, text: string) =>
    new QueryVariableBuilder(name)
      .label(label)
      .datasource(DATASOURCE)
      .query(text)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc);
  const ofCluster = query('cluster', words.cluster, clusters);
  if (cluster !== null) ofCluster.current({ text: cluster, value: cluster });
  return [
    new DatasourceVariableBuilder('datasource').label(words.datasource).type('prometheus'),
    ofCluster,
    query('node', words.node, nodes)
      .regex(nodePattern)
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ text: ['All'], value: ['$__all'] }),
  ];
}

/** Returns a function that makes the panel of an indicator. */
function openPanels(queries: DashboardQueries, language: Language): (indicator: Indicator) => PanelBuilder {
  const context = { words: WORDS[language], format: createNumberFormatter(language) };
  const { sentenceSpace } = DASHBOARD_WORDS[language];
  return (indicator) => {
    const { title, explanation, impact, unit, thresholds, reading } = indicator;
    const steps = thresholdSteps(thresholds, unit);
    const description = [
      explanation[language],
      thresholdsSentence(context, { thresholds, unit }),
      impact[language],
    ];
    const style = steps.length > 1 ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off;
    const panel = new PanelBuilder();
    // Prometheus extrapolates increase() to the edges of its window, so that five events may become 5.8.
    if (reading === 'total') panel.decimals(0);
    return panel
      .title(title[language])
      .description(description.filter(Boolean).join(sentenceSpace).replaceAll('\u00a0', ' '))
      .datasource(DATASOURCE)
      .interval(MIN_INTERVAL)
      .unit(UNITS[unit])
      .min(0)
      .span(PANEL.width)
      .height(PANEL.height)
      .drawStyle(reading === 'total' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
      .fillOpacity(reading === 'total' ? 60 : 0)
      .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(style))
      .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List))
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
      .withTarget(
        new DataqueryBuilder()
          .refId('A')
          .datasource(DATASOURCE)
          .expr(queries.ofIndicator(indicator))
          .legendFormat(legendOf(indicator, language))
          .range(),
      );
  };
}

/** Returns how a series is named: "{{node}} {{operation}}", or the title for the only one. */
function legendOf(indicator: Indicator, language: Language): string {
  const labels = [
    ...(isPerNode(indicator) ? ['node'] : []),
    ...(hasBothComponents(indicator) ? ['component'] : []),
    ...(indicator.splitBy ?? []),
  ];
  return labels.length === 0 ? indicator.title[language] : labels.map((label) => `{{${label}}}`).join(' ');
}

/** Numbers the panels; the builder numbers only rows, and all with 0. */
function withIds(dashboard: ReturnType<DashboardBuilder['build']>): object {
  let id = 0;
  const numbered = <T extends object>(panel: T): T & { id: number } => ({ ...panel, id: ++id });
  return {
    ...dashboard,
    panels: (dashboard.panels ?? []).map((panel) => {
      const own = numbered(panel);
      return 'panels' in own ? { ...own, panels: own.panels.map(numbered) } : own;
    }),
  };
}
