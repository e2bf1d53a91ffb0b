import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import { commandWords, fillCommand } from '../../../src/render/view/command.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';

const agentOn = (node: string) => ({ subject: node, component: 'agent' as const });

describe('commands', () => {
  const report = sampleReport();
  const logs = 'kubectl logs -n $namespace $pod -c $container';

  it('have the newest Pod of the node, the namespace and the container put in', () => {
    const target = report.coverage.targets.find(({ subject }) => subject === 'node-07');
    expect(fillCommand(logs, report, agentOn('node-07'))).toBe(
      `kubectl logs -n kube-system ${target?.instances.at(-1)?.split(';')[1]} -c antrea-agent`,
    );
    expect(fillCommand(logs, report, { subject: 'antrea-controller', component: 'controller' })).toMatch(
      /^kubectl logs -n kube-system antrea-controller-\w+ -c antrea-controller$/,
    );
  });

  it('say what to put in where the Pod is not known', () => {
    const unnamed: Report = {
      ...report,
      coverage: {
        ...report.coverage,
        targets: report.coverage.targets.map((target) => ({ ...target, instances: ['10.0.0.1:10350'] })),
      },
    };
    expect(fillCommand(logs, unnamed, agentOn('node-07'))).toContain(" '<AGENT POD ON node-07>' ");
    expect(fillCommand(logs, unnamed, null)).toContain(" '<AGENT POD>' ");
  });

  it('are the same when their words are joined again', () => {
    const command = `kubectl get node $node -o jsonpath='{.a}  {.b}{"\\n"}' | grep 'x y'`;
    expect(commandWords(command, report, agentOn('node-07')).join('')).toBe(
      fillCommand(command, report, agentOn('node-07')),
    );
  });

  it('keep a name one word, whatever is in it and wherever it stands', () => {
    const name = fc
      .oneof(
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.constantFrom("a'b", '$(touch /tmp/x)', '`id`', 'a"b\\', 'new\nline', '\u202eevil', '; rm -rf /'),
      )
      .filter((text) => !text.includes('\0') && text.isWellFormed() && !/[\u{10000}-\u{10ffff}]/u.test(text));
    fc.assert(
      fc.property(name, (node) => {
        const about = agentOn(node);
        const command = fillCommand(`printf '[%s]' $node '<$node>' "<$node>"`, report, about);
        const printed = execFileSync('bash', ['--norc', '-c', command], {
          encoding: 'utf8',
          env: { LC_ALL: 'C.UTF-8' },
        });
        expect(printed).toBe(`[${node}][<${node}>][<${node}>]`);
      }),
      { numRuns: 60 },
    );
  });
});
