import type { Indicator } from '../../model/indicator.ts';
import { DAY_SECONDS } from '../../model/time.ts';

export const indicator: Indicator = {
  id: 'expiring-certificates',
  section: 'availability',
  components: ['controller'],
  exporter: 'x509-certificate-exporter',
  scope: 'cluster',
  metrics: ['x509_cert_not_after'],
  query:
    'min by (secret_name) (max_over_time(x509_cert_not_after{secret_name=~"antrea-.+",$others}[$span]) - time())',
  splitBy: ['secret_name'],
  unit: 'seconds',
  reading: 'last',
  thresholds: {
    // The alerts CertificateRenewal and CertificateExpiration of enix/x509-certificate-exporter: 28 and 14 days.
    // cert-manager renews a certificate of 90 days when 30 are left, and Antrea when 90 are left.
    warning: { below: 28 * DAY_SECONDS, forSeconds: 0 },
    critical: { below: 14 * DAY_SECONDS, forSeconds: 0 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Certificate lifetime left', 'zh-CN': '证书剩余有效期' },
  explanation: {
    en: 'How long the certificates in Secrets whose names begin with `antrea-` are still valid, such as `antrea-controller-tls` of the controller; the reading is the last point, per Secret. The certificate that an agent makes at its start is in no Secret and not included.',
    'zh-CN':
      '名称以 `antrea-` 开头的 Secret 中的证书（如 Controller 的 `antrea-controller-tls`）剩余的有效时间，按 Secret 分开统计，读数为最后一个点。Agent 启动时自行生成的证书不在 Secret 中，不包含在内。',
  },
  impact: {
    en: 'When the controller’s certificate has expired, agents and API servers refuse to connect to it: no policy change reaches any node.',
    'zh-CN': 'Controller 的证书过期后，Agent 和 API server 会拒绝与其连接：策略变更无法到达任何节点。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read the dates of the controller’s certificate.',
        'zh-CN': '查看 Controller 证书的有效期。',
      },
      command:
        "kubectl get secret antrea-controller-tls -n $namespace -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates",
    },
    {
      text: {
        en: 'If cert-manager issues it, check why the renewal failed.',
        'zh-CN': '若证书由 cert-manager 签发，检查续期失败的原因。',
      },
      command: 'kubectl describe certificates -n $namespace',
    },
    {
      text: {
        en: 'If Antrea signs it itself, look in the controller’s log for its rotation.',
        'zh-CN': '若证书由 Antrea 自签，在 Controller 日志中查找轮换记录。',
      },
      command:
        'kubectl logs -n $namespace deployment/antrea-controller -c antrea-controller --since-time=$since | grep -i cert',
    },
  ],
};
