import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UserError } from '../../../../src/report/model/user-error.ts';
import { oneLine, visible } from '../../../../src/report/model/visible-text.ts';

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

it('makes any text one line without control characters, of bounded length', () => {
  expect(oneLine(' two \r\n  lines\tand\u2028\u0007 ')).toBe('two lines and \\u0007');
  expect(oneLine('x'.repeat(1e6))).toHaveLength(4000);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5000, size: 'max' }), (text) => {
      expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
  );
});

it('keeps the error of a user on one line, whatever a server or file contains', () => {
  expect(new UserError('--cluster: choose one of a\nb, \u001b[31m').message).toBe(
    '--cluster: choose one of a b, \\u001b[31m',
  );
});
