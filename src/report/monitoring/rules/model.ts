/** Rules as Prometheus, VictoriaMetrics and the objects of their operators have them. */

export type Labels = Readonly<Record<string, string>>;

export type RecordingRule = { record: string; expr: string; labels?: Labels | undefined };

export type AlertingRule = {
  alert: string;
  expr: string;
  /** How long the expression must have results without a break. */
  for: string;
  labels: Labels;
  annotations: Labels;
};

export type RuleGroup = {
  name: string;
  interval: string;
  rules: readonly (RecordingRule | AlertingRule)[];
};

/** Something of the catalog for which there is no alert. */
export type LeftOut = { id: string; reason: 'no-threshold' | 'total-without-usual-level' | 'no-buckets' };

export type Rules = { groups: readonly RuleGroup[]; leftOut: readonly LeftOut[] };
