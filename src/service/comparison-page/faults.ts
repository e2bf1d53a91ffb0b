import type { Language } from '../../report/model/indicator.ts';

/** Why two reports cannot be compared, in one sentence. */
const en = {
  'other-cluster': 'The reports are of two clusters; choose two reports of one cluster.',
  'no-report': 'One of the two reports does not exist; choose two reports of the list.',
  'not-ready': 'One of the two reports is not ready.',
  damaged: 'The document of one of the two reports is missing or damaged; make that report again.',
  'none-before': 'There is no earlier report of the same length.',
};
export type ComparisonFault = keyof typeof en;

const zhCN: typeof en = {
  'other-cluster': '两份报告属于不同的集群，请选择同一集群的两份报告。',
  'no-report': '其中一份报告不存在，请选择列表中的两份报告。',
  'not-ready': '其中一份报告尚未完成。',
  damaged: '其中一份报告的文档缺失或已损坏，请重新生成该报告。',
  'none-before': '没有更早且统计周期长度相同的报告。',
};

export const COMPARISON_FAULT_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
