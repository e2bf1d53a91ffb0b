import { spaced, spacedText } from '../../kit/languages/chinese.ts';
import { name } from '../../kit/phrase.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '关于本报告',
  score:
    '评分从 100 分起逐项扣减：每个达到严重的指标扣除剩余分数的四分之一；每个最高为警告的指标，以及每个无法判断的指标，扣除剩余分数的十分之一。连带异常不扣分。采集覆盖和进程重启各算一个指标。只要有数据缺失，评分就不会是 100 分。',
  times: (timeZone, step, window) =>
    spacedText`时间均为 ${timeZone}。图中每个点代表 ${step}；速率按 ${window}的窗口计算。`,
  evaluated: (step) => spacedText`每 ${step}判断一次是否越过阈值。`,
  generated: (generator, version, schema, id) =>
    spaced`由 ${name(generator)} ${name(version)} 生成；报告编号 ${name(id)}，数据格式版本 ${schema}。`,
};
