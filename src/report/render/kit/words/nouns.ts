import type { Unit } from '../../../model/indicator.ts';

/** What is counted, for units that are numbers of something. Others have a symbol or stand for themselves. */

export const ENGLISH_NOUNS: Readonly<Partial<Record<Unit, readonly [one: string, many: string]>>> = {
  'failed-bundles': ['failed bundle', 'failed bundles'],
  flows: ['flow', 'flows'],
  pods: ['Pod', 'Pods'],
  restarts: ['restart', 'restarts'],
  agents: ['agent', 'agents'],
  controllers: ['controller', 'controllers'],
  items: ['item', 'items'],
  retries: ['retry', 'retries'],
  'service-ports': ['Service port', 'Service ports'],
  packets: ['packet', 'packets'],
  connections: ['connection', 'connections'],
  reconnections: ['connection', 'connections'],
  'domain-names': ['domain name', 'domain names'],
  evictions: ['eviction', 'evictions'],
  goroutines: ['goroutine', 'goroutines'],
};

export const CHINESE_NOUNS: Readonly<Partial<Record<Unit, string>>> = {
  'failed-bundles': '个失败事务',
  flows: '条',
  pods: '个',
  restarts: '次',
  agents: '个 Agent',
  controllers: '个 Controller',
  items: '项',
  retries: '次重试',
  'service-ports': '个 Service 端口',
  packets: '个报文',
  connections: '条连接',
  reconnections: '次连接',
  'domain-names': '个域名',
  evictions: '次淘汰',
  goroutines: '个 goroutine',
};
