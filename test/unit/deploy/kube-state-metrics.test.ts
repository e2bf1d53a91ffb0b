import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { EXPORTERS } from '../../../src/report/catalog/exporters.ts';

const FOLDER = new URL('../../../deploy/kube-state-metrics/', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');

/** A path is a list of keys, or of conditions on the elements of a list. */
const path = z.array(z.string().regex(/^(?:[a-zA-Z]+|\[[a-zA-Z]+=[a-zA-Z]+\])$/)).min(1);
const labelName = z.string().regex(/^[a-z_]+$/);

/** The format in docs/metrics/extend/customresourcestate-metrics.md of kubernetes/kube-state-metrics. */
const configuration = z.strictObject({
  kind: z.literal('CustomResourceStateMetrics'),
  spec: z.strictObject({
    resources: z.array(
      z.strictObject({
        groupVersionKind: z.strictObject({ group: z.string(), version: z.string(), kind: z.string() }),
        metricNamePrefix: z.string(),
        errorLogV: z.number().int(),
        labelsFromPath: z.record(labelName, path),
        metrics: z.array(
          z.strictObject({
            name: z.string().regex(/^[a-z_]+$/),
            help: z.string().min(1),
            each: z.strictObject({
              type: z.literal('Gauge'),
              gauge: z.strictObject({
                path,
                labelsFromPath: z.record(labelName, path).optional(),
                valueFrom: path.optional(),
              }),
            }),
          }),
        ),
      }),
    ),
  }),
});

const { resources } = configuration.parse(parse(textOf('antrea.yaml'))).spec;

describe('the configuration of kube-state-metrics for Antrea’s resources', () => {
  it('has exactly the metrics that the survey asks about', () => {
    const names = resources.flatMap(({ metricNamePrefix, metrics }) =>
      metrics.map(({ name }) => `${metricNamePrefix}_${name}`),
    );
    const wanted = EXPORTERS.find(({ id }) => id === 'antrea-resources')?.metrics.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(wanted));
  });

  it('names each resource once, since kube-state-metrics ends with an error otherwise', () => {
    const kinds = resources.map(({ groupVersionKind }) => JSON.stringify(groupVersionKind));
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it('uses no label that kube-state-metrics reserves or Prometheus gives to targets', () => {
    const reserved = /^(customresource_.+|job|instance|namespace|pod|container)$/;
    for (const { labelsFromPath, metrics } of resources) {
      const ofMetrics = metrics.flatMap(({ each }) => Object.keys(each.gauge.labelsFromPath ?? {}));
      for (const name of [...Object.keys(labelsFromPath), ...ofMetrics]) expect(name).not.toMatch(reserved);
    }
  });

  it('reads only what the permissions allow', () => {
    const [role] = parseAllDocuments(textOf('rbac.yaml')).map((document) => document.toJS());
    const allowed = role.rules.flatMap(({ apiGroups, resources: names }: Record<string, string[]>) =>
      (apiGroups ?? []).flatMap((group) => (names ?? []).map((name) => `${group} ${name}`)),
    );
    const plural = (kind: string) => `${kind.toLowerCase()}s`.replace(/ys$/, 'ies').replace(/sss$/, 'sses');
    const needed = resources.map(({ groupVersionKind: { group, kind } }) => `${group} ${plural(kind)}`);
    expect(allowed.toSorted()).toEqual([...needed, 'apiextensions.k8s.io customresourcedefinitions'].sort());
    for (const { verbs } of role.rules) expect(verbs).toEqual(['list', 'watch']);
  });
});
