import { count, spaced, spacedText } from '../../kit/languages/chinese.ts';
import { join, name } from '../../kit/phrase.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '触发的告警',
  introduction: '统计周期内在 Prometheus 中触发、与 Antrea 相关的告警，不影响结论和评分。',
  columns: { name: '告警', severity: '级别', where: '对象', when: '时间', incident: '对应事件' },
  severities: { critical: '严重', warning: '警告' },
  noIncident: '无对应事件',
  moreIncidents: (incidents) => spacedText`另有 ${count(incidents)} 个事件`,
  more: (alerts) => spacedText`另有 ${count(alerts)} 条告警`,
  summary: (alerts) => spacedText`${count(alerts)} 条告警`,
  times: (times) => spacedText`共 ${count(times)} 次`,

  fired: ([first, ...others], more) => {
    if (others.length + more === 0) {
      const severity = first.severity === '' ? spaced`` : spaced`（${name(first.severity)}）`;
      return spaced`告警 ${name(first.name)} 自 ${first.from} 起触发${severity}。`;
    }
    const all = [first, ...others].map((one) => {
      const severity = one.severity === '' ? spaced`` : spaced`${name(one.severity)}，`;
      return spaced`${name(one.name)}（${severity}自 ${one.from} 起）`;
    });
    return spaced`触发的告警：${join(all, '、')}${more > 0 ? spacedText`，另有 ${count(more)} 条` : ''}。`;
  },
  noneFired: '该事件没有触发告警。',
};
