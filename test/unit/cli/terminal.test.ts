import { expect, it } from 'vitest';
import { printDocument } from '../../../src/cli/check/print.ts';

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
