import type { KnownDefect } from '../../model/defect.ts';

const restarts = { component: 'controller', indicators: ['process-restarts'] } as const;

/** Defects that end the controller. */
export const CONTROLLER_RESTARTS: readonly KnownDefect[] = [
  {
    ...restarts,
    id: 'node-without-address-crash',
    pullRequest: 7916,
    affected: [{ since: '2.6.0', before: '2.6.1' }],
    title: {
      en: 'The controller crashes if a Node has no address',
      'zh-CN': '存在没有地址的 Node 时 Controller 会崩溃',
    },
    explanation: {
      en: 'A Node without an address, such as one that was just registered, ends the process.',
      'zh-CN': '没有地址的 Node（例如刚注册的 Node）会导致进程退出。',
    },
    workaround: {
      en: 'Delete Nodes that stay without an address.',
      'zh-CN': '删除一直没有地址的 Node。',
    },
  },
  {
    ...restarts,
    id: 'deleted-node-crash',
    pullRequest: 7568,
    affected: [{ since: '1.8.0', before: '2.4.4' }],
    title: {
      en: 'The controller can crash when a Node is deleted',
      'zh-CN': '删除 Node 时 Controller 可能崩溃',
    },
    explanation: {
      en: 'If the controller missed that a Node or ExternalNode was deleted, for instance while the API server was unavailable, it ends when it learns of it.',
      'zh-CN':
        '若 Controller 错过了 Node 或 ExternalNode 的删除事件（例如当时 API server 不可用），随后得知时进程会退出。',
    },
    workaround: {
      en: 'None is needed: Kubernetes restarts the controller, and the policies stay in force.',
      'zh-CN': '无需处理：Kubernetes 会重启 Controller，策略继续生效。',
    },
  },
  {
    ...restarts,
    id: 'group-cycle-crash',
    pullRequest: 8251,
    affected: [
      { since: '1.6.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    title: {
      en: 'Groups that contain each other end the controller',
      'zh-CN': '互相包含的 Group 会导致 Controller 退出',
    },
    explanation: {
      en: 'A Group or ClusterGroup whose `childGroups` lead back to itself ends the process (`stack overflow`), and does so again after each start.',
      'zh-CN':
        '`childGroups` 最终又指向自身的 Group 或 ClusterGroup 会导致进程退出（`stack overflow`），且每次启动后都会再次发生。',
    },
    workaround: {
      en: 'Remove the cycle from `childGroups`.',
      'zh-CN': '消除 `childGroups` 中的循环引用。',
    },
  },
];
