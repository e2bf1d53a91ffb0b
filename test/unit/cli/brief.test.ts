import { expect, it } from 'vitest';
import { printBrief } from '../../../src/cli/brief.ts';
import { LANGUAGES, type Language } from '../../../src/report/model/indicator.ts';
import type { Report } from '../../../src/report/model/report.ts';
import { depthReport } from '../../fixtures/depth-report.ts';
import { incident, restart } from '../../fixtures/report-parts.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';

const linesOf = (report: Report, language: Language = 'en', hasColours = false) =>
  printBrief(report, language, hasColours).replaceAll('\u00a0', ' ').trimEnd().split('\n');

const LINES: Record<Language, string[]> = {
  en: [
    '✗ Critical · prod-eu-1 · Score 0 / 100 · 21 Nov, 09:00 – 22 Nov 2026, 09:00, Europe/Berlin (GMT+1)',
    '6 incidents, 2 still ongoing. Since the day before: 2 new, 2 resolved. The report is incomplete.',
    '✗ NetworkPolicy sync duration of the controller reached 1.93 s (threshold 1 s) · since Sun 06:50 · ongoing',
    '✗ The agent on node-03 restarted once; then there were 8 failed bundles · Sun 03:12–06:10 · new',
    '! Local Pods on node-11 reached 216 (threshold 215) · since Sat 19:00 · ongoing',
  ],
  'zh-CN': [
    '✗ 严重 · prod-eu-1 · 评分 0 / 100 · 2026年11月21日 09:00 – 11月22日 09:00，Europe/Berlin (GMT+1)',
    '共 6 个事件，其中 2 个仍在持续。与前一天相比，新增 2 项，恢复 2 项。报告不完整。',
    '✗ Controller 的 NetworkPolicy 同步耗时达到 1.93 s（阈值 1 s） · 自周日 06:50 起 · 仍在持续',
    '✗ node-03 上的 Agent 重启 1 次，随后出现 OVS 流表操作失败（8 个失败事务） · 周日 03:12–06:10 · 新增',
    '! node-11 的本地 Pod 数达到 216（阈值 215） · 自周六 19:00 起 · 仍在持续',
  ],
};

it.each(LANGUAGES)(
  'has verdict, score, period and the incidents in the words of the page in %s',
  (language) => {
    const lines = linesOf(depthReport(), language);
    expect(lines.slice(0, 5)).toEqual(LINES[language]);
    expect(lines).toHaveLength(8);
  },
);

it('has at most ten lines', () => {
  const findings = Array.from({ length: 40 }, (_, index) => restart(`node-${index}`, 'Sun 03:12'));
  const incidents = findings.map((_, index) => incident(findings, [index]));
  const lines = linesOf({ ...depthReport(), findings, incidents });
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('and 33 more');
});

it('has two lines without incidents', () => {
  expect(linesOf(sampleReport({ condition: 'healthy' }))).toEqual([
    expect.stringMatching(/^✓ Healthy · prod-eu-1 · Score 100 \/ 100 · /),
    'No problems found.',
  ]);
});

it('colours only the marks, and shows the control characters of names', () => {
  const lines = linesOf({ ...depthReport(), cluster: 'east\u001b[2J' }, 'en', true);
  expect(lines[0]).toContain('\u001b[31m✗ Critical\u001b[0m · east\\x1b[2J · Score');
  expect(lines[4]).toContain('\u001b[33m!\u001b[0m Local Pods');
  for (const line of lines.filter((_, index) => index !== 1)) expect(line.split('\u001b')).toHaveLength(3);
});
