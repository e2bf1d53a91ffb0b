import type { Component, Indicator, IndicatorWords, Language, Unit } from '../../model/indicator.ts';
import { podSelector, WORKLOADS } from '../../model/product.ts';
import { LANGUAGE_RULES } from '../../render/kit/languages/languages.ts';
import { substitute } from '../../render/kit/shell.ts';
import { UNIT_FORMATS } from '../../render/kit/units.ts';

/** Texts with the templates of Prometheus and vmalert, which fill in the labels and the value of an alert. */

/** Keeps braces of a text from being read as a template. */
export function plainText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

export const labelTemplate = (name: string) => `{{ $labels.${name} }}`;

const COUNTED = '{{ printf "%.0f" $value }}';

const VALUES: Readonly<Record<Unit, string>> = {
  milliseconds: '{{ printf "%.0f" $value }} ms',
  seconds: '{{ humanizeDuration $value }}',
  bytes: '{{ humanize1024 $value }}B',
  ratio: '{{ humanizePercentage $value }}',
  'per-second': '{{ humanize $value }}/s',
  count: '{{ humanize $value }}',
  cores: '{{ printf "%.2f" $value }}',
  'failed-bundles': COUNTED,
  flows: COUNTED,
  pods: COUNTED,
  restarts: COUNTED,
  agents: COUNTED,
  controllers: COUNTED,
  containers: COUNTED,
  items: COUNTED,
  retries: COUNTED,
  'service-ports': COUNTED,
  packets: COUNTED,
  connections: COUNTED,
  reconnections: COUNTED,
  'domain-names': COUNTED,
  evictions: COUNTED,
  goroutines: COUNTED,
};

/** Returns the value of an alert with its unit. Titles already name what is counted. */
export function valueTemplate(unit: Unit, language: Language): string {
  if (UNIT_FORMATS[unit].noun !== 'symbol') return VALUES[unit];
  return `${VALUES[unit]} ${LANGUAGE_RULES[language].noun(unit, false)}`;
}

/** Stand in for templates and shell variables while a command is filled in, because these must not be quoted. */
const STAND_INS = {
  'NODE-OF-THE-ALERT': '{{ $labels.node }}',
  'POD-OF-THE-ALERT': '$POD',
  'CONTAINER-OF-THE-ALERT': 'antrea-{{ $labels.component }}',
  'TIME-BEFORE-THE-ALERT': '$(date -u -d "1 hour ago" +%FT%TZ)',
} as const;
/** How long before an alert a log is read. It covers the longest condition of the catalog. */
const LOG_RANGE = '--since=1h';

/** Agents share the address of their node, so that it finds the Pod where no label names the node. */
const ON_NODE = `{{ if match ":[0-9]+$" $labels.node }}status.podIP={{ reReplaceAll ":[0-9]+$" "" $labels.node }}{{ else }}spec.nodeName={{ $labels.node }}{{ end }}`;

/** What the commands of an alert are about. */
export type StepsContext = {
  language: Language;
  namespace: string;
  /** `null`: the label `component` names it. */
  component: Component | null;
  /** Whether the alert has a label `node`. */
  isPerNode: boolean;
};

/** Returns the next steps as numbered lines, each command below its step. */
export function stepsTemplate(steps: IndicatorWords['nextSteps'], context: StepsContext): string {
  const { language } = context;
  const numbered = steps.map(({ text, command }, index) => {
    const line = `${index + 1}. ${plainText(text[language])}`;
    return command === undefined ? line : `${line}\n   ${commandTemplate(command, context)}`;
  });
  const needsPod = steps.some(({ command }) => /\$pod\b/.test(command ?? ''));
  return [...(needsPod ? [findPod(context)] : []), ...numbered].join('\n');
}

function commandTemplate(command: string, { component, namespace }: StepsContext): string {
  const filled = substitute(plainText(command.replaceAll('--since-time=$since', LOG_RANGE)), {
    node: 'NODE-OF-THE-ALERT',
    pod: 'POD-OF-THE-ALERT',
    namespace,
    container: component === null ? 'CONTAINER-OF-THE-ALERT' : WORKLOADS[component],
    since: 'TIME-BEFORE-THE-ALERT',
  });
  return Object.entries(STAND_INS).reduce(
    (text, [name, value]) => text.replaceAll(name, () => value),
    filled,
  );
}

/** Returns the line that sets the variable `$POD`. */
function findPod({ component, namespace, isPerNode }: StepsContext): string {
  const selector =
    component === null
      ? podSelector('agent').replace('agent', '{{ $labels.component }}')
      : podSelector(component);
  const field = isPerNode ? ` --field-selector ${ON_NODE}` : '';
  return `POD=$(kubectl get pods -n ${namespace} -l ${selector}${field} -o jsonpath='{.items[0].metadata.name}')`;
}

/** Returns the labels that distinguish several alerts of a node, for a summary: "{{ $labels.operation }}". */
export function detailsTemplate({ splitBy = [] }: Pick<Indicator, 'splitBy'>, hasComponent: boolean): string {
  return [...(hasComponent ? ['component'] : []), ...splitBy].map(labelTemplate).join(', ');
}
