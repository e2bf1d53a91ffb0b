import type { Component } from '../../model/indicator.ts';
import type { Metric } from '../../model/metric.ts';

const BOTH: readonly Component[] = ['agent', 'controller'];
const QUEUES = 'kubernetes/client-go: util/workqueue/metrics.go';
const NAME = { name: 'name' };

/** Metrics of Kubernetes' libraries and of Go, which both components expose, and `up`, which Prometheus writes. */
export const INFRASTRUCTURE_METRICS: readonly Metric[] = [
  {
    name: 'up',
    components: BOTH,
    type: 'gauge',
    unit: { en: '1 or 0', 'zh-CN': '1 或 0' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'Prometheus itself writes it after each scrape: 1 if the target answered, 0 if it did not. A target that vanished from service discovery has no `up` at all, so a query for `up == 0` misses it. Antrea asks the API server to check the token of every scrape, so a 0 can also mean that the API server was unavailable.',
      'zh-CN':
        '由 Prometheus 在每次采集后写入：目标有应答为 1，否则为 0。已从服务发现中消失的目标没有 `up`，因此用 `up == 0` 查不到。Antrea 每次都要请 API server 校验采集令牌，所以 0 也可能意味着 API server 不可用。',
    },
    source: 'prometheus/prometheus: scrape/scrape.go',
  },
  {
    name: 'workqueue_adds_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'items', 'zh-CN': '任务' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Items added to a work queue since the process started, including retries; its rate is the load of the queue. An item that is added again while it is still waiting does not count. In the controller, `internalNetworkPolicy`, `appliedToGroup`, `addressGroup` and `internalGroup` compute policies; in the agent, `networkpolicyrule` and `noderoute` install rules and routes.',
      'zh-CN':
        '进程启动以来加入工作队列的任务数，含重试；其增速即队列的工作量。任务已在等待时重复加入不计数。Controller 的 `internalNetworkPolicy`、`appliedToGroup`、`addressGroup` 和 `internalGroup` 负责策略计算，Agent 的 `networkpolicyrule` 和 `noderoute` 负责下发规则和路由。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_depth',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'items', 'zh-CN': '任务' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Items that currently wait in a work queue. A peak is normal, for instance after a start, when everything is queued; a queue that never empties is falling behind. Failed items that wait for a retry are not included. Unlike Antrea’s own gauges of its queues, this value is correct even while nothing changes.',
      'zh-CN':
        '当前在工作队列中等待的任务数。出现峰值属于正常，例如启动后所有对象都会入队；始终不能清空才说明处理不过来。失败后等待重试的任务不在其中。与 Antrea 自身的队列指标不同，队列没有变化时该值也是准确的。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_queue_duration_seconds',
    components: BOTH,
    type: 'histogram',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long items waited in a work queue before a worker took them. The buckets are powers of ten, up to 10 s in older releases and 1000 s in the newest, so a percentile is only an order of magnitude and cannot exceed the last bucket. The pause before a retry is not included.',
      'zh-CN':
        '任务在工作队列中等待处理的时间。桶按 10 的幂划分，旧版本最大到 10 秒，最新版本到 1000 秒，因此分位数只反映数量级，且不会超过最大的桶。重试之前的间隔不计入。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_work_duration_seconds',
    components: BOTH,
    type: 'histogram',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long the work on an item took, whether it succeeded or not. It covers the same work as the sync durations of Antrea’s controller, but in seconds and with a bound at 1 s, which those lack. An item that never finishes is never recorded: see `workqueue_longest_running_processor_seconds`.',
      'zh-CN':
        '处理单个任务的耗时，成功与失败都计入。与 Antrea Controller 的同步耗时指标对应同样的工作，但以秒为单位，且有前者所缺的 1 秒边界。一直没有结束的任务不会被记录，需要看 `workqueue_longest_running_processor_seconds`。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_longest_running_processor_seconds',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long the longest-running worker of a queue has been busy with its item; 0 while no worker is busy. Items take milliseconds, so a value that rises second by second means that a worker is blocked. The queue `supportbundle` is an exception: collecting and uploading a bundle takes minutes.',
      'zh-CN':
        '队列中处理时间最长的工作线程在当前任务上已耗费的时间，没有任务时为 0。单个任务只需数毫秒，若该值逐秒上升，说明工作线程已阻塞。`supportbundle` 队列例外：收集并上传 support bundle 需要数分钟。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_unfinished_work_seconds',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [NAME],
    since: ['v1.1.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Sum of the time that the workers of a queue have spent so far on the items in their hands. Its slope is the number of blocked workers: if it rises by 3 s per second, three workers are blocked. `workqueue_longest_running_processor_seconds` is the largest part of this sum and the one to compare with a limit.',
      'zh-CN':
        '队列的各个工作线程在当前任务上已耗费的时间之和。其斜率即被阻塞的工作线程数：若每秒上升 3 秒，说明有三个工作线程被阻塞。`workqueue_longest_running_processor_seconds` 是其中最长的一项，与限值比较时应使用后者。',
    },
    source: QUEUES,
  },
  {
    name: 'workqueue_retries_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'retries', 'zh-CN': '重试次数' },
    labels: [NAME],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Items put back on a work queue for a retry. In the queues of policies, rules, routes and most features this happens only after errors; `multicastgroup`, `fqdn` and the queues of deleted objects also wait in this way, without an error. The pause doubles from retry to retry, so an item that never succeeds raises the value only once every few minutes.',
      'zh-CN':
        '重新放回工作队列等待重试的任务数。在策略、规则、路由以及多数功能的队列中，只有出错才会重试；`multicastgroup`、`fqdn` 和已删除对象的队列也用这种方式等待，并不表示出错。重试间隔逐次加倍，因此一个始终失败的任务每隔几分钟才使其加一。',
    },
    source: QUEUES,
  },
  {
    name: 'apiserver_longrunning_requests',
    formerNames: [{ name: 'apiserver_longrunning_gauge', until: 'v1.11.4' }],
    components: BOTH,
    type: 'gauge',
    unit: { en: 'requests', 'zh-CN': '请求' },
    labels: [
      { name: 'verb' },
      { name: 'group' },
      { name: 'version' },
      { name: 'resource' },
      { name: 'subresource' },
      { name: 'scope' },
      { name: 'component' },
    ],
    since: ['v1.7.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Long-running requests to the component’s own API server, mostly watches. On the controller, each agent keeps one watch open on `networkpolicies`, so the number of these watches is the number of connected agents. From v1.7 to v1.11 both names are documented; adding them up would count every watch twice.',
      'zh-CN':
        '组件自身 API server 上长时间保持的请求，主要是 watch。在 Controller 上，每个 Agent 对 `networkpolicies` 保持一个 watch，其数量即已连接的 Agent 数。v1.7 至 v1.11 的文档中新旧两个名称并存，相加会重复计算。',
    },
    source: 'kubernetes/apiserver: pkg/endpoints/metrics/metrics.go',
  },
  {
    name: 'authentication_attempts',
    components: BOTH,
    type: 'counter',
    unit: { en: 'requests', 'zh-CN': '请求' },
    labels: [{ name: 'result', values: ['success', 'failure', 'error'] }],
    since: ['v0.11.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Requests to the component’s own API server by the result of authentication, each scrape among them. `error` means that a token or certificate was not accepted, or that the API server of the cluster could not be asked about it. Requests without credentials are `success`, as the user `system:anonymous`; whether a user may do what it asks for is checked afterwards and not counted here.',
      'zh-CN':
        '组件自身 API server 收到的请求，按认证结果统计，每次指标采集也计入。`error` 表示令牌或证书未被接受，或者无法向集群的 API server 核验。不带凭据的请求按用户 `system:anonymous` 计为 `success`；该用户是否有权执行请求在认证之后才检查，不在此统计。',
    },
    source: 'kubernetes/apiserver: pkg/endpoints/filters/metrics.go',
  },
  {
    name: 'apiserver_tls_handshake_errors_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'connections', 'zh-CN': '连接数' },
    labels: [],
    since: ['v1.1.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Connections to the component’s own API server that ended during the TLS handshake. On the controller it rises when agents, API servers or Prometheus do not accept its certificate, but also with each port scan and each TCP check of a load balancer, so a rise alone says little. `unwatched-agents`, `unavailable-apis` and `failed-webhooks` show whether the clients that matter are affected; the log has the addresses of the clients from level 5 on only.',
      'zh-CN':
        '在 TLS 握手阶段中断的、到组件自身 API server 的连接数。Agent、API server 或 Prometheus 不接受证书时，Controller 上的该值会增长；但端口扫描和负载均衡的 TCP 检查同样会使其增长，因此仅凭增长说明不了什么。重要的客户端是否受影响，看 `unwatched-agents`、`unavailable-apis` 和 `failed-webhooks`；日志级别为 5 及以上时才会记录客户端地址。',
    },
    source: 'kubernetes/apiserver: pkg/server/secure_serving.go',
  },
  {
    name: 'go_goroutines',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'goroutines', 'zh-CN': 'goroutine 数' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'Goroutines, Go’s lightweight threads, that exist in the process. Their number follows the watches and connections of the process and, on the controller, the number of agents. A number that only grows indicates a leak, earlier than memory does.',
      'zh-CN':
        '进程中现有的 goroutine（Go 的轻量级线程）数。随进程持有的 watch 和连接数变化，在 Controller 上还随 Agent 数变化。只增不减说明存在泄漏，通常比内存更早反映出来。',
    },
    source: 'prometheus/client_golang: prometheus/go_collector.go',
  },
];
