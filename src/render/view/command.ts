import type { Component } from '../../model/indicator.ts';
import type { Report } from '../../model/report.ts';

/** Where Antrea's manifests put it. */
const NAMESPACE = 'kube-system';

export type CommandSubject = { subject: string; component: Component | null };

/**
 * A command with the finding's node and pod put in, so that it can be copied as it stands. In words, between which
 * alone a line may be broken: after the hyphen of an option it would look like two.
 */
export function commandWords(command: string, report: Report, about: CommandSubject | null): string[] {
  return fillCommand(command, report, about).split(/(?<= )(?! )/);
}

export function fillCommand(command: string, report: Report, about: CommandSubject | null): string {
  const component = about?.component ?? 'agent';
  const target =
    about &&
    report.coverage.targets.find((one) => one.subject === about.subject && one.component === component);
  const node = target?.node || (component === 'agent' ? about?.subject : undefined);
  const values: Readonly<Record<string, string>> = {
    node: node ?? '<NODE>',
    pod: podOf(target?.instances ?? []) ?? placeholderPod(component, node),
    namespace: NAMESPACE,
    container: `antrea-${component}`,
  };
  return substitute(command, values);
}

/** Antrea's own scrape configuration joins node and pod with ";" in the instance label. The last one is the newest. */
function podOf(instances: readonly string[]): string | undefined {
  const pod = instances.at(-1)?.split(';')[1];
  return pod === undefined || pod === '' ? undefined : pod;
}

function placeholderPod(component: Component, node: string | undefined): string {
  if (component === 'controller') return '<CONTROLLER POD>';
  return node === undefined ? '<AGENT POD>' : `<AGENT POD ON ${node}>`;
}

/** Puts values in with the quoting that their place in the command asks for. */
function substitute(command: string, values: Readonly<Record<string, string>>): string {
  let quote = '';
  return command.replace(
    /\\.|['"]|\$(node|pod|namespace|container)\b/gs,
    (found: string, variable: string | undefined) => {
      if (variable !== undefined) return quoted(values[variable] ?? '', quote);
      if (found === quote) quote = '';
      else if (quote === '' && (found === "'" || found === '"')) quote = found;
      return found;
    },
  );
}

const PLAIN = /^[\w.:/@%+=,][\w.:/@%+=,-]*$/;
/** What a terminal would act on or not show: control, format and separator characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function quoted(value: string, quote: string): string {
  if (quote === "'") return value.replaceAll("'", "'\\''");
  if (quote === '"') return value.replace(/[\\"$`]/g, '\\$&');
  if (PLAIN.test(value)) return value;
  if (!UNSEEN.test(value)) return `'${value.replaceAll("'", "'\\''")}'`;
  const escaped = [...value].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!UNSEEN.test(character)) return character;
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
  return `$'${escaped.join('')}'`;
}
