import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ReportConfig } from '../../../../src/config/schema/config.ts';
import { resolveSettings } from '../../../../src/config/settings.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { alertName } from '../../../../src/report/model/alert.ts';
import { type Language, SEVERITIES } from '../../../../src/report/model/indicator.ts';
import type { AlertingRule, Rules } from '../../../../src/report/monitoring/rules/model.ts';
import { printRules } from '../../../../src/report/monitoring/rules/print.ts';
import { makeRules } from '../../../../src/report/monitoring/rules/rules.ts';
import { assumedTargets } from '../../../../src/report/monitoring/targets.ts';

function rulesOf(config: ReportConfig = {}, language: Language = 'en'): Rules {
  const settings = resolveSettings(config).report;
  return makeRules({ targets: assumedTargets(settings), settings, language });
}

const alertsOf = ({ groups }: Rules): AlertingRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule) => 'alert' in rule));

const recordsOf = ({ groups }: Rules) =>
  groups.flatMap(({ rules }) => rules.filter((rule) => 'record' in rule));

function alertOf(rules: Rules, id: string, severity: string): AlertingRule {
  const found = alertsOf(rules).filter(
    ({ alert, labels }) => alert === alertName(id) && labels['severity'] === severity,
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} alerts ${id} ${severity}`);
  return only;
}

/** A custom indicator with one threshold, and the alert for it. */
function conditionWith(warning: object, more: object = {}): AlertingRule {
  const custom = { title: 'Custom', query: 'sum(x)', unit: 'count', warning, ...more };
  return alertOf(rulesOf({ indicators: { custom } } as ReportConfig), 'custom', 'warning');
}

function hasSyntaxError(query: string): boolean {
  let found = false;
  parser.parse(query).iterate({
    enter({ type }) {
      if (type.isError) found = true;
    },
  });
  return found;
}

const all = rulesOf();

describe('rules of the catalog', () => {
  it('have an alert for each indicator and severity with a threshold, and name the others', () => {
    const judged = INDICATORS.flatMap(({ id, thresholds }) =>
      SEVERITIES.filter((severity) => thresholds[severity] !== undefined).map(
        (severity) => `${alertName(id)} ${severity}`,
      ),
    );
    const made = alertsOf(all).map(({ alert, labels }) => `${alert} ${labels['severity']}`);
    expect(made.filter((name) => !/^Antrea(ScrapeCoverage|ProcessRestarts) /.test(name)).sort()).toEqual(
      judged.sort(),
    );
    expect(all.leftOut).toEqual([{ id: 'virtual-memory', reason: 'no-threshold' }]);
  });

  it.each([undefined, 'node'])('are PromQL without placeholders, with the node label %s', (nodeLabel) => {
    for (const rule of rulesOf({ prometheus: { nodeLabel } }).groups.flatMap(({ rules }) => rules)) {
      expect(rule.expr).not.toMatch(/\$[a-zA-Z]/);
      expect(hasSyntaxError(rule.expr), rule.expr).toBe(false);
    }
  });

  it('take the duration of the threshold, and at least two evaluations', () => {
    expect(alertOf(all, 'network-policy-sync-duration', 'warning').for).toBe('15m');
    expect(alertOf(all, 'cpu-usage', 'critical').for).toBe('30m');
    expect(alertOf(all, 'packet-in-drops', 'warning').for).toBe('1m');
  });

  it('name the node of "node;pod", and need no renaming where a label has the name', () => {
    const { expr } = alertOf(all, 'local-pod-count', 'critical');
    expect(expr).toBe(
      '(max by (node) (label_replace(max by (instance) (max_over_time(antrea_agent_local_pod_count{job="antrea-agents"}[5m])), "node", "$1", "instance", "([^;]+)(;.*)?"))) >= 240',
    );
    const labelled = alertOf(rulesOf({ prometheus: { nodeLabel: 'node' } }), 'local-pod-count', 'critical');
    expect(labelled.expr).toBe(
      '(max by (node) (max_over_time(antrea_agent_local_pod_count{job="antrea-agents"}[5m]))) >= 240',
    );
  });

  it('select the jobs and matchers of the configuration, and keep clusters separate', () => {
    const rules = rulesOf({
      prometheus: { jobs: { agent: 'a', controller: ['b', 'c'] }, matchers: { cluster: 'prod' } },
    });
    for (const { expr, labels } of alertsOf(rules)) {
      expect(expr).not.toContain('antrea-agents');
      expect(labels).toMatchObject({ cluster: 'prod' });
    }
    for (const { labels } of recordsOf(rules)) expect(labels).toEqual({ cluster: 'prod' });
    expect(alertOf(rules, 'resident-memory', 'warning').expr).toContain(
      'antrea_health:resident_memory:level{cluster="prod"}[1d]',
    );
    expect(alertOf(rules, 'policy-sync-tail', 'warning').expr).toContain('cluster="prod",job=~"b|c"');
  });

  it('leave out what happens right after a process start', () => {
    const latency = alertOf(all, 'ovs-flow-operation-latency', 'warning').expr;
    // Five minutes, and the rate window of six.
    expect(latency).toMatch(
      /\nunless on \(node\) \(time\(\) - max by \(node\) \(.*process_start_time.* < 660\)$/,
    );
    expect(alertOf(all, 'policy-queue-wait', 'critical').expr).toMatch(
      /\nunless on \(\) \(time\(\) - max\(process_start_time_seconds\{job="antrea-controllers"\}\) < 660\)$/,
    );
  });

  it('record only what needs a day: usual levels, and steps with events', () => {
    expect(
      recordsOf(all)
        .map(({ record }) => record)
        .sort(),
    ).toEqual([
      'antrea_health:denied_connections:level',
      'antrea_health:failed_webhooks:warning_steps',
      'antrea_health:goroutines:level',
      'antrea_health:out_of_memory_kills:critical_steps',
      'antrea_health:ovs_flow_count:level',
      'antrea_health:ovs_flow_operation_errors:critical_steps',
      'antrea_health:ovs_memory:level',
      'antrea_health:ovs_restarts:critical_steps',
      'antrea_health:policy_sync_retries:critical_steps',
      'antrea_health:resident_memory:level',
      'antrea_health:rule_sync_retries:critical_steps',
    ]);
  });
});

describe('thresholds of a configuration', () => {
  const usual =
    '(quantile_over_time(0.5, antrea_health:custom:level[1d]) and count_over_time(antrea_health:custom:level[1d]) >= 144)';

  it.each([
    [{ above: 3 }, '(max (sum(x))) > 3'],
    [{ atLeast: 3 }, '(max (sum(x))) >= 3'],
    [{ below: 3 }, '(max (sum(x))) < 3'],
    [{ rise: 0.5 }, `(max (sum(x))) > on () 1.5 * (${usual} > 0)`],
    [{ above: 3, rise: 0.5 }, `((max (sum(x))) > 3) > on () 1.5 * ${usual}`],
    [
      { change: 0.25 },
      `((max (sum(x))) > on () 1.25 * (${usual} > 0))\nor ((max (sum(x))) < on () 0.75 * (${usual} > 0))`,
    ],
    [
      { above: 3, times: 4 },
      '((max (sum(x))) > 3)\nand on () (count_over_time(antrea_health:custom:warning_steps[1d]) >= 4)',
    ],
    // The alert waits for 20 minutes, in which there are four steps.
    [{ above: 3, times: 4, for: '20m' }, '(max (sum(x))) > 3'],
  ])('%j becomes %s', (threshold, expr) => {
    expect(conditionWith(threshold).expr).toBe(expr);
    expect(hasSyntaxError(expr)).toBe(false);
  });

  it('apply a bound on a total to the events of the last day', () => {
    const rules = rulesOf({ indicators: { 'policy-sync-retries': { warning: { above: 20 } } } });
    const { expr } = alertOf(rules, 'policy-sync-retries', 'warning');
    expect(expr).toMatch(
      /> 0\)\nand on \(name\) \(\(sum by \(name\) \(increase\(workqueue_retries_total\{.*\}\[1d\]\)\)\) > 20\)$/,
    );
  });

  it('without an alert are named: removed ones, and those that compare a total with its usual level', () => {
    const rules = rulesOf({
      indicators: {
        'packet-in-drops': { warning: { rise: 1 } },
        'cpu-usage': { warning: null, critical: null },
      },
    });
    expect(rules.leftOut).toEqual([
      { id: 'packet-in-drops', reason: 'total-without-usual-level' },
      { id: 'cpu-usage', reason: 'no-threshold' },
      { id: 'virtual-memory', reason: 'no-threshold' },
    ]);
  });

  it('of gaps and restarts are those of the configuration', () => {
    const rules = rulesOf({ coverage: { gap: '20m', restarts: { critical: 7 } } });
    const found = alertsOf(rules).filter(({ alert }) => /ScrapeCoverage|ProcessRestarts/.test(alert));
    expect(found.find(({ labels }) => labels['gap'] === 'down')?.for).toBe('20m');
    expect(found.filter(({ expr }) => expr.includes('- 1 >= 7')).length).toBe(2);
  });

  it('of a custom indicator of nodes name the node, and its query may end with a comment', () => {
    const { expr, labels } = conditionWith(
      { above: 1 },
      { subject: 'node', query: 'sum by ($nodeLabel) (x{$agents}) # per node', splitBy: ['zone'] },
    );
    expect(expr).toBe(
      '(max by (node, zone) (label_replace(sum by (instance) (x{job="antrea-agents"}) # per node\n, "node", "$1", "instance", "([^;]+)(;.*)?"))) > 1',
    );
    expect(hasSyntaxError(expr)).toBe(false);
    expect(labels).toEqual({ severity: 'warning', component: 'agent' });
  });
});

describe('texts of alerts', () => {
  it('are a summary with the value, the condition with the impact, and steps with commands', () => {
    const { annotations } = alertOf(all, 'ovs-flow-operation-errors', 'critical');
    expect(annotations['summary']).toBe(
      'OVS flow operation errors on {{ $labels.node }} ({{ $labels.operation }}): {{ printf "%.0f" $value }}',
    );
    expect(annotations['description']).toMatch(/^Critical above 0 at least 3 times\. Until a retry succeeds/);
    const [findPod, first, command] = annotations['next_steps']?.split('\n') ?? [];
    expect(findPod).toMatch(/^POD=\$\(kubectl get pods -n kube-system -l app=antrea,component=antrea-agent /);
    expect(first).toBe('1. Look for the failed operations in the agent’s log.');
    expect(command).toBe("   kubectl logs -n kube-system $POD -c antrea-agent --since=1h | grep '^[EW]'");
  });

  it.each(['en', 'zh-CN'] as const)('in %s have no placeholders and no stand-ins', (language) => {
    for (const { annotations } of alertsOf(rulesOf({}, language)))
      for (const text of Object.values(annotations)) {
        expect(text.replaceAll(/\{\{.*?\}\}/g, '')).not.toMatch(
          /\$(node|pod|container|namespace|since)\b|-ALERT/,
        );
        expect(text).not.toContain('\u00a0');
      }
  });

  it('are Chinese on demand', () => {
    const { annotations } = alertOf(rulesOf({}, 'zh-CN'), 'local-pod-count', 'critical');
    expect(annotations['summary']).toBe('本地 Pod 数：{{ printf "%.0f" $value }}，节点 {{ $labels.node }}');
    expect(annotations['description']).toMatch(/^达到 240 持续 5 分钟为严重。/);
  });

  it('link to the runbooks of the configuration', () => {
    const rules = rulesOf({
      runbook: 'https://wiki.example.com/antrea#{indicator}',
      indicators: { 'resident-memory': { runbook: 'https://wiki.example.com/memory' } },
    });
    const runbookOf = (id: string) => alertOf(rules, id, 'warning').annotations['runbook_url'];
    expect(runbookOf('cpu-usage')).toBe('https://wiki.example.com/antrea#cpu-usage');
    expect(runbookOf('resident-memory')).toBe('https://wiki.example.com/memory');
    expect(alertOf(all, 'cpu-usage', 'warning').annotations).not.toHaveProperty('runbook_url');
  });

  it('keep braces of a user’s text from being read as a template', () => {
    const { annotations } = conditionWith({ above: 1 }, { title: 'Rate of {{x}}', impact: 'See {{y}}.' });
    expect(annotations['summary']).toContain('Rate of {{ "{{" }}x}}');
    expect(annotations['description']).toContain('See {{ "{{" }}y}}.');
  });
});

describe('the printed file', () => {
  it('is YAML with the rules, and a comment on what has no alert', () => {
    const text = printRules(all, { language: 'en', scrapeInterval: '1m' });
    expect(parse(text)).toEqual({ groups: JSON.parse(JSON.stringify(all.groups)) });
    expect(text).toContain('\n# - virtual-memory: it has no threshold\n');
  });

  it('is an object of the Prometheus operator on demand', () => {
    const object = { name: 'antrea', namespace: 'monitoring', labels: { release: 'x' } };
    const { spec, ...others } = parse(printRules(all, { language: 'zh-CN', scrapeInterval: '1m', object }));
    expect(others).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: object,
    });
    expect(spec.groups).toHaveLength(all.groups.length);
  });
});
