import type { en } from './en.ts';

export const zhCN: typeof en = {
  problems: {
    'invalid-json': '请求正文不是 JSON。',
    'invalid-request': '请求无效。',
    'unknown-cluster': '没有这个集群。',
    'body-too-large': '表单过大。',
    'unsupported-media-type': '服务无法识别该请求。',
    unauthenticated: '无法确认您的身份。',
    'cross-site': '请求来自其他网站的页面，未执行任何操作。',
    'not-found': '没有这个页面或报告。',
    'not-ready': '报告尚未完成。',
    'not-comparable': '这两份报告无法对比。',
    'temporarily-unavailable': '服务暂时无法处理，请一分钟后重试。',
    'internal-error': '服务出错，原因见服务日志。',
  },
};
