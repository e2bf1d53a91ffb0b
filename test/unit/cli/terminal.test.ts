import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printDocument } from '../../../src/cli/check/print.ts';
import { visible } from '../../../src/cli/terminal.ts';

it('shows what controls a terminal, and keeps all other text', () => {
  expect(visible('node-1\u001b]0;title\u0007\r\u009b2J\u202e')).toBe(
    'node-1\\u001b]0;title\\u0007\\u000d\\u009b2J\\u202e',
  );
  expect(visible('生产\tnode-1\n')).toBe('生产\tnode-1\n');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[^\P{Cc}\t\n]/u);
    }),
  );
});

it('check prints names and messages of servers without their control characters', () => {
  const clearing = '\u001b[2J';
  const text = printDocument(
    {
      version: '1',
      checkedAt: '2026-11-22T06:00:00Z',
      exitCode: 1,
      configuration: null,
      clusters: [
        {
          cluster: clearing,
          results: [
            {
              id: 'connection',
              state: 'problem',
              title: clearing,
              detail: clearing,
              advice: [{ text: clearing, lines: [clearing] }],
              exitCode: 1,
            },
          ],
        },
      ],
    } as unknown as Parameters<typeof printDocument>[0],
    { isTerminal: true, hasColours: false, columns: 80 },
  );
  expect(text).not.toContain('\u001b');
  expect(text.match(/\\u001b/g)).toHaveLength(5);
});
