import { isIP } from 'node:net';
import type { Component, IndicatorWords } from '../../model/indicator.ts';
import { NAMESPACE, podSelector, WORKLOADS } from '../../model/product.ts';
import type { Episode, Finding, Report, Target } from '../../model/report.ts';
import type { Context } from './context.ts';
import { addressOf } from './node-address.ts';
import { type Phrase, withCode } from './phrase.ts';
import { shortPlace } from './place.ts';

export type CommandSubject = {
  subject: string;
  component: Component | null;
  /** When it was beyond its threshold, in order. */
  episodes?: readonly Pick<Episode, 'start' | 'end'>[];
};

/** A command that can be copied as it stands, in lines of words, between which alone it may be broken. */
export type CommandLines = string[][];

export type ShownCommand = {
  /** Whom it is about, where there are commands for several; empty below one that is about the same. */
  place: Phrase | null;
  lines: CommandLines;
  /** Instead of a command that would read what no longer exists. */
  note: string;
};

/** A command about the component's main container, whose restarts are known, rather than about OVS. */
const OWN_CONTAINER = new RegExp(` -c (\\$container|${Object.values(WORKLOADS).join('|')}) `);

/** Commands are given for so many subjects; those of others differ only in the names within. */
const SUBJECTS = 3;

/** The commands of steps that are read one after the other. */
export function shownSteps(
  context: Context,
  steps: IndicatorWords['nextSteps'],
  findings: readonly Finding[],
): { text: Phrase; commands: ShownCommand[] }[] {
  const searches = new Set<string>();
  return steps.map(({ text, command }) => ({
    text: withCode(text[context.language]),
    commands: shownCommands(context, command, findings, searches),
  }));
}

/**
 * The commands of one step: of each subject, where they differ, and from before and after a restart.
 * @param searches searches for names that an earlier step has shown; one that this step shows is added
 */
export function shownCommands(
  context: Context,
  command: string | undefined,
  findings: readonly Finding[],
  searches = new Set<string>(),
): ShownCommand[] {
  if (command === undefined) return [];
  const all = subjectsOf(findings);
  const subjects = /\$(node|pod|container|since)\b/.test(command) ? all.slice(0, SUBJECTS) : all.slice(0, 1);
  const search = searchFor(command, context.report, subjects);
  const shown = subjects.flatMap((about) => {
    const place = shortPlace(context, { subject: about.subject, component: about.component });
    return commandsFor(command, context.report, about).map(({ text, isGone }, index) => ({
      place: subjects.length < 2 ? null : index === 0 ? place : [],
      lines: isGone ? [] : commandLines(text),
      note: isGone ? context.words.indicator.podGone : '',
    }));
  });
  if (search === '' || searches.has(search)) return shown;
  searches.add(search);
  return [{ place: null, lines: commandLines(search), note: '' }, ...shown];
}

/** Each once, with all its episodes in order, though it may have findings of several series and severities. */
function subjectsOf(findings: readonly Finding[]): CommandSubject[] {
  const groups = Map.groupBy(findings, ({ subject, component }) => JSON.stringify([subject, component]));
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    const episodes = own
      .flatMap((finding) => finding.episodes)
      .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
    return first === undefined ? [] : [{ subject: first.subject, component: first.component, episodes }];
  });
}

/**
 * A command filled in, once for each process that wrote what it asks for: a log ends with its container, and is lost
 * with its Pod.
 */
export function commandsFor(
  command: string,
  report: Report,
  about: CommandSubject,
): { text: string; isGone: boolean }[] {
  const filled = (template: string) => ({ text: fillCommand(template, report, about), isGone: false });
  const gone = { text: '', isGone: true };
  const target = targetOf(report, about);
  const first = about.episodes?.[0]?.start;
  const end = Math.max(...(about.episodes ?? []).map((episode) => Date.parse(episode.end)));
  const restarts = (target?.restarts ?? []).map((time) => Date.parse(time));
  const latest = Math.max(...restarts);
  const wasRecreated = (target?.pods.length ?? 0) > 1;
  if (/^kubectl logs .*--previous\b/.test(command)) return [wasRecreated ? gone : filled(command)];
  if (!/^kubectl logs .*\$since\b/.test(command) || first === undefined) return [filled(command)];
  if (restarts.every((time) => time <= Date.parse(first))) return [filled(command)];
  const later = latest < end ? [filled(command)] : [];
  if (wasRecreated) return [gone, ...later];
  if (!OWN_CONTAINER.test(command)) return [filled(command)];
  return [filled(command.replace('--since-time', '--previous --since-time')), ...later];
}

export function fillCommand(command: string, report: Report, about: CommandSubject | null): string {
  const component = about?.component ?? 'agent';
  const target = about === null ? undefined : targetOf(report, about);
  const node = nodeOf(report, about);
  const values: Readonly<Record<string, string>> = {
    node: node?.name ?? (node ? `<NODE AT ${node.address}>` : '<NODE>'),
    pod: target?.pods.at(-1) ?? placeholderPod(component, node),
    namespace: NAMESPACE,
    container: WORKLOADS[component],
    since: about?.episodes?.[0]?.start ?? report.period.start,
  };
  return substitute(command, values);
}

/** A node by its name, or by the address that is all that is known of it. */
type KnownNode = { name: string; address?: never } | { name?: never; address: string };

function nodeOf(report: Report, about: CommandSubject | null): KnownNode | undefined {
  if (about === null) return undefined;
  const component = about.component ?? 'agent';
  const target = targetOf(report, about);
  const node = target?.node || (component === 'agent' ? about.subject : '');
  if (node === '') return undefined;
  const address = addressOf(report, { component, node, instances: target?.instances ?? [] });
  return address === null ? { name: node } : { address };
}

function targetOf(report: Report, { subject, component }: CommandSubject): Target | undefined {
  return report.coverage.targets.find(
    (one) => one.subject === subject && one.component === (component ?? 'agent'),
  );
}

/**
 * As many words to a line as fit on paper, where every line but the last is continued with a backslash. An option
 * stays with its value and a pipe with what it leads to; what is quoted is one word, in which a backslash would be
 * part of the text.
 */
export function commandLines(command: string): CommandLines {
  const lines: CommandLines = [];
  for (const words of piecesOf(command)) {
    const line = lines.at(-1);
    const width = [...(line ?? []), ...words].reduce((sum, word) => sum + word.length, 0);
    if (line !== undefined && width <= COLUMNS) line.push(...words);
    else lines.push(words);
  }
  return lines;
}

/** Characters of a line on the narrowest paper, the backslash left out. */
const COLUMNS = 90;

function piecesOf(command: string): string[][] {
  const pieces: string[][] = [];
  let isOpen = false;
  for (const word of wordsOf(command)) {
    const piece = pieces.at(-1);
    if (piece !== undefined && isOpen) piece.push(word);
    else pieces.push([word]);
    isOpen = /^(-\w|\|) +$/.test(word);
  }
  return pieces;
}

/** Each with the spaces that follow it. */
function wordsOf(command: string): string[] {
  const word = /(?:\\.|\$'(?:\\.|[^'\\])*'|'[^']*'|"(?:\\.|[^"\\])*"|[^ ])+ *| +/gsu;
  return command.match(word) ?? [];
}

function placeholderPod(component: Component, node: KnownNode | undefined): string {
  if (component === 'controller') return '<CONTROLLER POD>';
  if (node === undefined) return '<AGENT POD>';
  return node.name === undefined ? `<AGENT POD AT ${node.address}>` : `<AGENT POD ON ${node.name}>`;
}

/**
 * Finds the names of Pods and nodes that stand as placeholders in a command, by their addresses: agents run in the
 * network of their nodes. Empty where none does, or where an address is none that Kubernetes knows, as behind a proxy.
 */
function searchFor(command: string, report: Report, subjects: readonly CommandSubject[]): string {
  const addresses = subjects.flatMap((about) => {
    const address = about.component === 'controller' ? undefined : nodeOf(report, about)?.address;
    const isPodKnown = (targetOf(report, about)?.pods.length ?? 0) > 0;
    const isWanted = /\$node\b/.test(command) || (/\$pod\b/.test(command) && !isPodKnown);
    return isWanted && address !== undefined && isIP(address) ? [`-e ${address}`] : [];
  });
  if (addresses.length === 0) return '';
  return `kubectl get pods -n ${NAMESPACE} -l ${podSelector('agent')} -o wide | grep -wF ${addresses.join(' ')}`;
}

/** Puts values in with the quoting that their place in the command asks for. */
function substitute(command: string, values: Readonly<Record<string, string>>): string {
  let quote = '';
  return command.replace(
    /\\.|['"]|\$(node|pod|namespace|container|since)\b/gs,
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
