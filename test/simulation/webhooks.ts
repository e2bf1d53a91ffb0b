/** What a kube-apiserver exposes about the webhooks of Antrea's controller, and about one of others. */
import type { Cluster, Target } from './cluster.ts';
import type { Family } from './family.ts';
import { isOf, overlap } from './faults.ts';
import { type Column, counter, eventCounter } from './values.ts';

export const FAULTY_WEBHOOK = 'acnpvalidator.antrea.io';

const WEBHOOKS = [FAULTY_WEBHOOK, 'annpvalidator.antrea.io', 'validate.nginx.ingress.kubernetes.io'] as const;

function ofApiServer(name: string, columns: Family['columns']): Family {
  return {
    name: `apiserver_admission_webhook_${name}`,
    type: 'counter',
    exposedBy: ['kube-apiserver'],
    columns,
  };
}

const labelsOf = (name: string) => ({ name, type: 'validating', operation: 'CREATE' });

const calls = ofApiServer('request_total', (cluster, target) =>
  WEBHOOKS.map((name) => ({
    labels: { ...labelsOf(name), code: '200', rejected: 'false' },
    values: eventCounter(cluster, target, `calls/${name}`, 0.5),
  })),
);

/** The series exists from the first failed call on. */
function failures(cluster: Cluster, target: Target): Column {
  const faults = cluster.faults.filter((fault) => isOf(fault, 'webhook-errors'));
  const counted = counter(cluster, target, (from, to) =>
    faults.reduce(
      (sum, fault) => sum + (overlap(fault, from, to) / (fault.end - fault.start)) * fault.failures,
      0,
    ),
  );
  return {
    labels: { ...labelsOf(FAULTY_WEBHOOK), error_type: 'calling_webhook_error', rejection_code: '0' },
    values: counted.map((value) => (value < 1 ? Number.NaN : Math.floor(value))),
  };
}

/** Policies with a mistake are refused, and calls of the other webhook fail: neither is a fault of Antrea. */
const rejections = ofApiServer('rejection_count', (cluster, target) => [
  failures(cluster, target),
  {
    labels: { ...labelsOf(FAULTY_WEBHOOK), error_type: 'no_error', rejection_code: '403' },
    values: eventCounter(cluster, target, 'refused', 0.5),
  },
  {
    labels: {
      ...labelsOf('validate.nginx.ingress.kubernetes.io'),
      error_type: 'calling_webhook_error',
      rejection_code: '0',
    },
    values: eventCounter(cluster, target, 'others', 0.5),
  },
]);

export const WEBHOOK_FAMILIES: readonly Family[] = [calls, rejections];
