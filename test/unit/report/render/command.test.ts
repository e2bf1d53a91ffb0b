import { execFileSync } from 'node:child_process';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Finding, Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import {
  commandsFor,
  fillCommand,
  shownCommands,
  shownSteps,
} from '../../../../src/report/render/kit/command.ts';
import { commandLines } from '../../../../src/report/render/kit/shell.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const agentOn = (node: string) => ({ subject: node, component: 'agent' as const });

describe('commands', () => {
  const report = sampleReport();
  const logs = 'kubectl logs -n $namespace $pod -c $container';

  it('contain the newest Pod of the node, the namespace and the container', () => {
    const target = report.coverage.targets.find(({ subject }) => subject === 'node-07');
    expect(fillCommand(logs, report, agentOn('node-07'))).toBe(
      `kubectl logs -n kube-system ${target?.pods.at(-1)} -c antrea-agent`,
    );
    expect(fillCommand(logs, report, { subject: 'antrea-controller', component: 'controller' })).toMatch(
      /^kubectl logs -n kube-system antrea-controller-\w+ -c antrea-controller$/,
    );
  });

  it('contain another namespace that the targets name, unless Kubernetes does not allow it', () => {
    const { survey } = report;
    if (survey === null) throw new Error('the sample has no survey');
    const commandIn = (namespace: string) =>
      fillCommand(
        'kubectl get pods -n $namespace',
        { ...report, survey: { ...survey, agent: { ...survey.agent, namespace } } },
        agentOn('node-07'),
      );
    expect(commandIn('networking')).toBe('kubectl get pods -n networking');
    expect(commandIn('-A; reboot')).toBe('kubectl get pods -n kube-system');
  });

  it('have a placeholder where the Pod is unknown', () => {
    const unnamed: Report = {
      ...report,
      coverage: {
        ...report.coverage,
        targets: report.coverage.targets.map((target) => ({ ...target, pods: [] })),
      },
    };
    expect(fillCommand(logs, unnamed, agentOn('node-07'))).toContain(" '<AGENT POD ON node-07>' ");
    expect(fillCommand(logs, unnamed, null)).toContain(" '<AGENT POD>' ");
  });

  it('are unchanged when their words are joined again', () => {
    const command = `kubectl get node $node -o jsonpath='{.a}  {.b}{"\\n"}' | grep 'x y'`;
    const filled = fillCommand(command, report, agentOn('node-07'));
    expect(commandLines(filled).flat().join('')).toBe(filled);
    expect(commandLines(filled).flat()).toContain(`jsonpath='{.a}  {.b}{"\\n"}' `);
  });

  it('are broken into lines that fit on paper, with each option next to its value', () => {
    const [first = [], second = [], ...more] = commandLines(
      "kubectl logs -n kube-system antrea-controller-7d9f6c5b8-krs8k -c antrea-controller --since=10m | grep 'Finished syncing'",
    );
    expect([first.join(''), second.join(''), more]).toEqual([
      'kubectl logs -n kube-system antrea-controller-7d9f6c5b8-krs8k -c antrea-controller ',
      "--since=10m | grep 'Finished syncing'",
      [],
    ]);
  });

  it('look back to the first episode, or over the whole period', () => {
    const logs = 'kubectl logs $pod --since-time=$since';
    const episodes = [{ start: '2026-11-22T01:20:00Z', end: '2026-11-22T01:40:00Z' }];
    expect(fillCommand(logs, report, { ...agentOn('node-07'), episodes })).toMatch(
      / --since-time=2026-11-22T01:20:00Z$/,
    );
    expect(fillCommand(logs, report, agentOn('node-07'))).toMatch(
      new RegExp(` --since-time=${report.period.start}$`),
    );
  });

  it('contain names that Kubernetes allows, and a placeholder for others, at any place of a command', () => {
    const name = fc
      .oneof(
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,18}$/),
        fc.constantFrom(
          "a'b",
          '$(touch /tmp/x)',
          '`id`',
          'a"b\\',
          'new\nline',
          '\u202eevil',
          '; rm -rf /',
          '--all',
        ),
      )
      .filter((text) => !text.includes('\0') && text.isWellFormed() && !/[\u{10000}-\u{10ffff}]/u.test(text))
      // An address is not a name.
      .filter((text) => !/:\d+$/.test(text) && isIP(text) === 0);
    fc.assert(
      fc.property(name, (node) => {
        const about = agentOn(node);
        const shown = /^[a-z0-9.-]*[a-z0-9]$/.test(node) && /^[a-z0-9]/.test(node) ? node : '<NODE>';
        const everywhere = `printf '[%s]' $node '($node)' "($node)" "$(printf %s '$node')"`;
        const command = fillCommand(everywhere, report, about);
        const printed = execFileSync('bash', ['--norc', '-c', command], {
          encoding: 'utf8',
          env: { LC_ALL: 'C.UTF-8' },
        });
        expect(printed).toBe(`[${shown}][(${shown})][(${shown})][${shown}]`);
        // On paper, a backslash continues every line but the last.
        const onPaper = commandLines(command).map((words) => words.join(''));
        expect(onPaper.join('')).toBe(command);
        const again = execFileSync('bash', ['--norc', '-c', onPaper.join('\\\n')], {
          encoding: 'utf8',
          env: { LC_ALL: 'C.UTF-8' },
        });
        expect(again).toBe(printed);
      }),
      { numRuns: 60 },
    );
  });
});

describe('commands that read the past', () => {
  const LOGS = "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'";
  const hour = (hours: string) => `2026-11-22T${hours}:00Z`;
  const NODE = 'node-07';

  function textsOf(
    restarts: string[],
    episodes: [string, string][],
    { command = LOGS, pods = ['antrea-agent-old'] } = {},
  ): string[] {
    const report = sampleReport();
    const changed = report.coverage.targets.map((target) =>
      target.subject === NODE ? { ...target, pods, restarts } : target,
    );
    return commandsFor(
      command,
      { ...report, coverage: { ...report.coverage, targets: changed } },
      { ...agentOn(NODE), episodes: episodes.map(([start, end]) => ({ start, end })) },
    ).map(({ text, isGone }) => (isGone ? 'gone' : text.replace(/ -n kube-system antrea-agent-\w+ -c/, '')));
  }

  const plain = "kubectl logs antrea-agent --since-time=2026-11-22T02:10:00Z | grep '^[EW]'";
  const previous = "kubectl logs antrea-agent --previous --since-time=2026-11-22T02:10:00Z | grep '^[EW]'";
  const early: [string, string] = [hour('02:10'), hour('02:25')];
  const late: [string, string] = [hour('05:40'), hour('05:45')];
  const recreated = { pods: ['antrea-agent-old', 'antrea-agent-new'] };

  it('read the log of the process that wrote it', () => {
    expect(textsOf([], [early])).toEqual([plain]);
    expect(textsOf([hour('01:00')], [early])).toEqual([plain]);
    expect(textsOf([hour('03:00')], [early])).toEqual([previous]);
    expect(textsOf([hour('03:00')], [early, late])).toEqual([previous, plain]);
    expect(textsOf([hour('02:20')], [early])).toEqual([previous, plain]);
  });

  it('are replaced by a note where the Pod is gone', () => {
    expect(textsOf([hour('03:00')], [early], recreated)).toEqual(['gone']);
    expect(textsOf([hour('03:00')], [early, late], recreated)).toEqual(['gone', plain]);
    expect(textsOf([hour('01:00')], [early], recreated)).toEqual([plain]);
    const command = 'kubectl logs -n $namespace $pod -c antrea-agent --previous';
    expect(textsOf([hour('03:00')], [early], { command, ...recreated })).toEqual(['gone']);
    expect(textsOf([hour('03:00')], [early], { command })).toEqual(['kubectl logs antrea-agent --previous']);
  });

  it('stay as they are for current logs, and for containers with unknown start times', () => {
    const command = 'kubectl logs -n $namespace $pod -c antrea-ovs --since-time=$since';
    expect(textsOf([hour('03:00')], [early], { command })).toEqual([
      'kubectl logs antrea-ovs --since-time=2026-11-22T02:10:00Z',
    ]);
    const now = 'kubectl logs -n $namespace $pod -c antrea-agent --since=10m';
    expect(textsOf([hour('03:00')], [early], { command: now, ...recreated })).toEqual([
      'kubectl logs antrea-agent --since=10m',
    ]);
  });
});

describe('commands for several subjects', () => {
  const report = sampleReport();
  const found = report.findings.find(({ component }) => component === 'agent');
  const on = (...nodes: string[]): Finding[] =>
    nodes.flatMap((subject) => (found === undefined ? [] : [{ ...found, subject }]));

  it.each(LANGUAGES)('are shown for up to three subjects with their names in %s', (language) => {
    const shown = shownCommands(
      createContext(report, language),
      'kubectl get node $node',
      on('node-01', 'node-02', 'node-03', 'node-04'),
    );
    expect(
      shown.map(({ place, lines }) => [place?.map(({ text }) => text).join(''), lines.flat().join('')]),
    ).toEqual([
      ['node-01', 'kubectl get node node-01'],
      ['node-02', 'kubectl get node node-02'],
      ['node-03', 'kubectl get node node-03'],
    ]);
  });

  it('are shown once where they are equal, and not at all for a step without one', () => {
    const context = createContext(report, 'en');
    const same = shownCommands(context, 'kubectl get pods -n $namespace', on('node-01', 'node-02'));
    expect(same.map(({ place, lines }) => [place, lines])).toEqual([
      [null, [['kubectl ', 'get ', 'pods ', '-n ', 'kube-system']]],
    ]);
    expect(shownCommands(context, undefined, on('node-01'))).toEqual([]);
    // Two findings of one node are about one Pod.
    expect(shownCommands(context, 'kubectl get node $node', on('node-01', 'node-01'))).toHaveLength(1);
  });

  it('are replaced by a sentence for a Pod that is gone', () => {
    const targets = report.coverage.targets.map((target) =>
      target.subject === 'node-01' ? { ...target, pods: ['a', 'b'] } : target,
    );
    const context = createContext({ ...report, coverage: { ...report.coverage, targets } }, 'en');
    const shown = shownCommands(
      context,
      'kubectl logs -n $namespace $pod --previous',
      on('node-01', 'node-02'),
    );
    expect(shown.map(({ note, lines }) => [note, lines.length])).toEqual([
      ['This Pod no longer exists; look for its log in your log store.', 0],
      ['', 1],
    ]);
  });
});

describe('commands about nodes that are known only by address', () => {
  const sample = sampleReport();
  const ADDRESSES: Readonly<Record<string, string>> = {
    'node-01': '10.0.0.1:10350',
    'node-02': '[fd00::2]:10350',
    'node-03': 'localhost:10351',
    'node-04': '10.0.0.4',
  };
  const targets = sample.coverage.targets.map((target) => {
    const address = ADDRESSES[target.subject];
    if (address === undefined) return target;
    return { ...target, subject: address, node: address, instances: [address], pods: [] };
  });
  const report: Report = {
    ...sample,
    survey: sample.survey && { ...sample.survey, agent: { ...sample.survey.agent, nodeFrom: 'address' } },
    coverage: { ...sample.coverage, targets },
  };
  const on = (...subjects: string[]) =>
    subjects.map((subject) => ({ subject, component: 'agent', episodes: [] }) as unknown as Finding);
  const textsOf = (command: string, ...subjects: string[]) =>
    shownCommands(createContext(report, 'en'), command, on(...subjects)).map(({ lines }) =>
      lines.flat().join(''),
    );

  it.each([
    ['10.0.0.1:10350', '10.0.0.1'],
    ['[fd00::2]:10350', 'fd00::2'],
    ['localhost:10351', 'localhost'],
    ['10.0.0.4', '10.0.0.4'],
    // A finding without a target in the coverage.
    ['10.9.9.9:10350', '10.9.9.9'],
  ])('have a placeholder in place of the name: %s', (subject, address) => {
    const command = 'kubectl get node $node; kubectl logs $pod';
    expect(fillCommand(command, report, agentOn(subject))).toBe(
      `kubectl get node '<NODE AT ${address}>'; kubectl logs '<AGENT POD AT ${address}>'`,
    );
  });

  it('come after one search for all names', () => {
    expect(textsOf('kubectl get node $node', '10.0.0.1:10350', '[fd00::2]:10350', 'node-05')).toEqual([
      'kubectl get pods -n kube-system -l app=antrea,component=antrea-agent -o wide | grep -wF -e 10.0.0.1 -e fd00::2',
      "kubectl get node '<NODE AT 10.0.0.1>'",
      "kubectl get node '<NODE AT fd00::2>'",
      'kubectl get node node-05',
    ]);
  });

  it('have no search that would find nothing or is not needed', () => {
    expect(textsOf('kubectl get node $node', 'localhost:10351')).toHaveLength(1);
    expect(textsOf('kubectl get pods -n $namespace', '10.0.0.1:10350')).toHaveLength(1);
    expect(textsOf('kubectl get node $node', 'node-05')).toHaveLength(1);
  });

  it('have one search per indicator', () => {
    const step = (command: string) => ({ text: { en: '', 'zh-CN': '' }, command });
    const steps = [step('kubectl logs $pod'), step('kubectl get node $node')];
    const shown = shownSteps(createContext(report, 'en'), steps, on('10.0.0.1:10350'));
    expect(shown.map(({ commands }) => commands.length)).toEqual([2, 1]);
  });

  it('have the address where it is the name of the node', () => {
    const named: Report = { ...report, survey: sample.survey };
    expect(fillCommand('kubectl get node $node', named, agentOn('10.0.0.4'))).toBe(
      'kubectl get node 10.0.0.4',
    );
  });
});
