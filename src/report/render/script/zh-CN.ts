import type { en } from './en.ts';

export const zhCN: typeof en = {
  copy: '复制',
  copied: '已复制',
  failed: '复制失败，请选中文本后手动复制。',
};
