import { isIP } from 'node:net';
import { allTargets } from '../../model/all-rows.ts';
import type { Component, IndicatorWords } from '../../model/indicator.ts';
import { NAMESPACE, podSelector, WORKLOADS } from '../../model/product.ts';
import type { Episode, Finding, Report, Target } from '../../model/report.ts';
import type { Context } from './context.ts';
import { groupBy } from './group.ts';
import { addressOf } from './node-address.ts';
import { type Phrase, withCode } from './phrase.ts';
import { shortPlace } from './place.ts';
import { COLUMNS_BESIDE_NAME, type CommandLines, commandLines, substitute } from './shell.ts';

export type CommandSubject = {
  subject: string;
  component: Component | null;
  /** When the subject was beyond its threshold, in order. */
  episodes?: readonly Pick<Episode, 'start' | 'end'>[];
};

export type ShownCommand = {
  /** The subject, where several subjects have a command and this is its first. */
  place: Phrase | null;
  /** Whether it is a further command of the subject before. */
  isFurther: boolean;
  lines: CommandLines;
  /** Replaces a command that would read something that no longer exists. */
  note: string;
};

export type ShownStep = { text: Phrase; commands: ShownCommand[] };

/** Matches commands about the main container of a component. The report knows when only this container started. */
const MAIN_CONTAINER = new RegExp(` -c (\\$container|${Object.values(WORKLOADS).join('|')}) `);

/** Subjects with commands. The commands of further ones differ in names only. */
const SUBJECTS = 3;

/** Returns the steps of an indicator with the commands for its findings. */
export function shownSteps(
  context: Context,
  steps: IndicatorWords['nextSteps'],
  findings: readonly Finding[],
): ShownStep[] {
  const searches = new Set<string>();
  return steps.map(({ text, command }) => ({
    text: withCode(text[context.language]),
    commands: shownCommands(context, command, findings, searches),
  }));
}

/**
 * Returns the commands of one step: one for each subject where they differ, and one for each process that the subject
 * had in the period.
 * @param searches searches for names that earlier steps show; this function adds the one that it returns
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
  const commands = subjects.flatMap((subject) => {
    const place = shortPlace(context, { subject: subject.subject, component: subject.component });
    return commandsFor(command, context.report, subject).map(({ text, isGone }, index) => ({
      place: subjects.length > 1 && index === 0 ? place : null,
      isFurther: subjects.length > 1 && index > 0,
      lines: isGone ? [] : commandLines(text, subjects.length > 1 ? COLUMNS_BESIDE_NAME : undefined),
      note: isGone ? context.words.podGone : '',
    }));
  });
  const search = searchCommand(command, context.report, subjects);
  if (search === '' || searches.has(search)) return commands;
  searches.add(search);
  return [{ place: null, isFurther: false, lines: commandLines(search), note: '' }, ...commands];
}

/** Returns each subject once, with the episodes of all its findings in order. */
function subjectsOf(findings: readonly Finding[]): CommandSubject[] {
  return groupBy(findings, ({ subject, component }) => [subject, component]).map((group) => ({
    subject: group[0].subject,
    component: group[0].component,
    episodes: group
      .flatMap((finding) => finding.episodes)
      .sort((a, b) => Date.parse(a.start) - Date.parse(b.start)),
  }));
}

/**
 * Returns a command once for each process whose log it should read: a log ends with its container, and is lost with
 * its Pod (`isGone`).
 */
export function commandsFor(
  command: string,
  report: Report,
  subject: CommandSubject,
): { text: string; isGone: boolean }[] {
  const filled = (template: string) => ({ text: fillCommand(template, report, subject), isGone: false });
  const gone = { text: '', isGone: true };
  const target = targetOf(report, subject);
  const firstStart = subject.episodes?.[0]?.start;
  const lastEnd = Math.max(...(subject.episodes ?? []).map((episode) => Date.parse(episode.end)));
  const restarts = (target?.restarts ?? []).map((time) => Date.parse(time));
  const wasRecreated = (target?.pods.length ?? 0) > 1;
  if (/^kubectl logs .*--previous\b/.test(command)) return [wasRecreated ? gone : filled(command)];
  if (!/^kubectl logs .*\$since\b/.test(command) || firstStart === undefined) return [filled(command)];
  if (restarts.every((time) => time <= Date.parse(firstStart))) return [filled(command)];
  const current = Math.max(...restarts) < lastEnd ? [filled(command)] : [];
  if (wasRecreated) return [gone, ...current];
  if (!MAIN_CONTAINER.test(command)) return [filled(command)];
  return [filled(command.replace('--since-time', '--previous --since-time')), ...current];
}

/**
 * What Kubernetes allows as the name of a node or Pod (RFC 1123). Labels can name something else, which a shell or kubectl
 * could take for a command or an option.
 */
const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Addresses and names of hosts. */
const ADDRESS = /^[\w.:-]+$/;

/** Returns a command with the names of a subject, or with placeholders like `<NODE>` for names that are unknown. */
export function fillCommand(command: string, report: Report, subject: CommandSubject | null): string {
  const component = subject?.component ?? 'agent';
  const target = subject === null ? undefined : targetOf(report, subject);
  const node = nodeOf(report, subject);
  return substitute(command, {
    node: node?.name ?? (node ? `<NODE AT ${node.address}>` : '<NODE>'),
    pod: target?.pods.findLast((pod) => NAME.test(pod)) ?? podPlaceholder(component, node),
    namespace: namespaceOf(report, component),
    container: WORKLOADS[component],
    since: subject?.episodes?.[0]?.start ?? report.period.start,
  });
}

/** Returns the namespace of a component: the one that its targets name, or else the one of Antrea's manifests. */
function namespaceOf({ survey }: Report, component: Component): string {
  const named = survey?.[component].namespace;
  return named !== undefined && NAME.test(named) ? named : NAMESPACE;
}

/** A node by its name, or by its address where only that is known. */
type KnownNode = { name: string; address?: never } | { name?: never; address: string };

function nodeOf(report: Report, subject: CommandSubject | null): KnownNode | undefined {
  if (subject === null) return undefined;
  const component = subject.component ?? 'agent';
  const target = targetOf(report, subject);
  const node = target?.node || (component === 'agent' ? subject.subject : '');
  if (node === '') return undefined;
  const address = addressOf(report, { component, node, instances: target?.instances ?? [] });
  if (address !== null) return ADDRESS.test(address) ? { address } : undefined;
  return NAME.test(node) ? { name: node } : undefined;
}

function targetOf(report: Report, { subject, component }: CommandSubject): Target | undefined {
  return allTargets(report).find(
    (target) => target.subject === subject && target.component === (component ?? 'agent'),
  );
}

function podPlaceholder(component: Component, node: KnownNode | undefined): string {
  if (component === 'controller') return '<CONTROLLER POD>';
  if (node === undefined) return '<AGENT POD>';
  return node.name === undefined ? `<AGENT POD AT ${node.address}>` : `<AGENT POD ON ${node.name}>`;
}

/**
 * Returns the command that finds the names behind the placeholders of a command by their addresses: agents use the
 * network of their nodes. Empty without such placeholders, and for addresses that Kubernetes does not know, as behind
 * a proxy.
 */
function searchCommand(command: string, report: Report, subjects: readonly CommandSubject[]): string {
  const addresses = subjects.flatMap((subject) => {
    const address = subject.component === 'controller' ? undefined : nodeOf(report, subject)?.address;
    const isPodKnown = (targetOf(report, subject)?.pods.length ?? 0) > 0;
    const isNeeded = /\$node\b/.test(command) || (/\$pod\b/.test(command) && !isPodKnown);
    return isNeeded && address !== undefined && isIP(address) ? [`-e ${address}`] : [];
  });
  if (addresses.length === 0) return '';
  return `kubectl get pods -n ${namespaceOf(report, 'agent')} -l ${podSelector('agent')} -o wide | grep -wF ${addresses.join(' ')}`;
}
