/**
 * The program's error messages in Chinese. Reports and states store them in English, so that one document has every
 * language; what another program wrote, such as the text of Prometheus, stays as it is.
 */

type Groups = Readonly<Record<string, string | undefined>>;

const after = (separator: string, text: string | undefined) =>
  text === undefined ? '' : `${separator}${text}`;

/** Each message as a pattern, with its parts by name. A message without an entry is shown in English. */
const REASONS: readonly (readonly [RegExp, (groups: Groups) => string])[] = [
  // adapters/prometheus/outcome.ts
  [
    /^(?<url>\S+) refused the credentials \(HTTP (?<status>\d+)(?:: (?<text>.*))?\); .*$/,
    ({ url, status, text }) =>
      `${url} 拒绝了凭据（HTTP ${status}${after('：', text)}），请检查令牌、密码或签名`,
  ],
  [
    /^(?<url>\S+) redirects elsewhere \(HTTP (?<status>\d+)\); .*$/,
    ({ url, status }) => `${url} 重定向到了别处（HTTP ${status}），请填写 Prometheus API 自身的地址`,
  ],
  [
    /^Prometheus refused the query as too large \(HTTP (?<status>\d+)\): (?<text>.*)$/,
    ({ status, text }) => `查询过大，被 Prometheus 拒绝（HTTP ${status}）：${text}`,
  ],
  [
    /^Prometheus gave up on the query(?:: (?<text>.*))?$/,
    ({ text }) => `Prometheus 中途放弃了查询${after('：', text)}`,
  ],
  [
    /^(?<url>\S+) answered HTTP (?<status>\d+)(?:: (?<text>.*))?, also when asked again$/,
    ({ url, status, text }) => `${url} 返回 HTTP ${status}${after('：', text)}，重试后依然如此`,
  ],
  [
    /^Prometheus refused the query \(HTTP (?<status>\d+)\)(?:: (?<text>.*))?$/,
    ({ status, text }) => `Prometheus 拒绝了查询（HTTP ${status}）${after('：', text)}`,
  ],
  [
    /^(?<url>\S+) does not answer as Prometheus does \(HTTP (?<status>\d+)\); .*$/,
    ({ url, status }) => `${url} 的响应不是 Prometheus 的格式（HTTP ${status}），请检查地址和路径`,
  ],
  [
    /^(?<url>\S+) did not answer within (?<seconds>[\d.]+) s; .*$/,
    ({ url, seconds }) => `${url} 在 ${seconds} 秒内未响应，请调大 prometheus.timeout 或缩短统计周期`,
  ],
  [
    /^cannot reach Prometheus at (?<url>\S+) \((?<code>.*)\); check the address$/,
    ({ url, code }) => `无法连接 Prometheus ${url}（${code}），请检查地址`,
  ],
  [
    /^cannot speak TLS with (?<url>\S+) \((?<code>.*)\); .*$/,
    ({ url, code }) => `无法与 ${url} 建立 TLS 连接（${code}），请检查地址是否为 https`,
  ],
  [
    /^the certificate of (?<url>\S+) is for another host \((?<code>.*)\); .*$/,
    ({ url, code }) => `${url} 的证书属于其他主机（${code}），请使用证书中的名称作为地址`,
  ],
  [
    /^the certificate of (?<url>\S+) is not valid at this time \((?<code>.*)\); .*$/,
    ({ url, code }) => `${url} 的证书不在有效期内（${code}），需要更换`,
  ],
  [
    /^the certificate of (?<url>\S+) is not trusted \((?<code>.*)\); .*$/,
    ({ url, code }) => `${url} 的证书不受信任（${code}），请用 --ca-file 或 prometheus.caFile 指定其 CA 证书`,
  ],
  [/^the report was cancelled$/, () => '报告已取消'],
  // adapters/prometheus/answer.ts, silence.ts
  [
    /^(?<url>\S+) answered with (?:an HTML page|incomplete or invalid JSON) instead of a query result; .*$/,
    ({ url }) => `${url} 返回的不是查询结果，请检查地址和路径`,
  ],
  [
    /^(?<url>\S+) has answered nothing for (?<seconds>\d+) s: (?<rest>.*)$/,
    ({ url, seconds, rest }) => `${url} 已有 ${seconds} 秒没有任何响应：${inChinese(rest)}`,
  ],
  // report/gather
  [
    /^the time for this report ran out before Prometheus answered$/,
    () => '本报告的时限已到，Prometheus 仍未响应',
  ],
  [/^the answer is too large; choose a longer step$/, () => '返回的数据过大，请调大 step'],
  [
    /^the answer has more than (?<most>\d+) series, .*$/,
    ({ most }) => `返回的序列超过 ${most} 条，无法用于报告，请只选择一个集群或按节点聚合`,
  ],
  [
    /^the answer is longer than any to this query can be; .*$/,
    () => '返回的数据长度超出该查询的可能范围，请检查地址是否为 Prometheus',
  ],
  [/^the answer has labels that are too long for a report$/, () => '返回的标签过长，无法用于报告'],
  [
    /^the server stores (?<metric>\S+) without its buckets, .*$/,
    ({ metric }) => `服务器中的 ${metric} 缺少查询所需的 bucket`,
  ],
  [
    /^(?:Prometheus|The capture|the capture) answered none of the queries; the first failure: (?<rest>.*)$/,
    ({ rest }) => `所有查询均失败，第一个失败的原因：${inChinese(rest)}`,
  ],
  [
    /^(?:Prometheus|The capture|the capture) answered none of the queries that find Antrea; the first failure: (?<rest>.*)$/,
    ({ rest }) => `查找 Antrea 的查询均失败，第一个失败的原因：${inChinese(rest)}`,
  ],
  [
    /^the capture, recorded by version (?<version>\S+), has no answer to this query; .*$/,
    ({ version }) => `该录制文件由 ${version} 版本录制，不含此查询的结果，请重新录制`,
  ],
  [
    /^targets were scraped in only (?<share>\d+) % of it$/,
    ({ share }) => `其中仅 ${share}% 的时间采集到了目标`,
  ],
  // service
  [/^its job could not be sent to the queue$/, () => '任务未能发送到队列'],
  [/^interrupted$/, () => '已中断'],
  [
    /^attempt (?<attempt>\d+) of (?<all>\d+) ended without a result: killed, or out of memory or time(?:; the attempt before: (?<rest>.*))?$/,
    ({ attempt, all, rest }) =>
      `第 ${attempt} 次尝试（共 ${all} 次）没有结果：进程被终止，或内存、时间不足${rest === undefined ? '' : `；上一次尝试：${inChinese(rest)}`}`,
  ],
];

/** Returns a message of the program in Chinese, and any other text unchanged. */
export function inChinese(reason: string | undefined): string {
  const text = reason ?? '';
  for (const [pattern, translate] of REASONS) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined || pattern.test(text)) return translate(groups ?? {});
  }
  return text;
}
