import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import { gather } from '../../../../src/report/gather/gather.ts';
import { imagesQuery } from '../../../../src/report/gather/images.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import type { GatheredImages } from '../../../../src/report/model/gathered.ts';
import { type FakeResource, selectorsIn, sourceOver } from '../../../fixtures/fake-source.ts';
import { repeated } from '../../../fixtures/values.ts';

const DAY = 86_400;
const END = 1_700_000_000;

const isAboutImages = (query: string) => query.includes('kube_pod_container_info');

type Options = {
  desired?: number;
  resources?: FakeResource[];
  instance?: string;
  fails?: boolean;
  days?: number;
};

/** Gathers with a server that may have kube-state-metrics, and returns the answer about images and its queries. */
async function imagesWith({
  desired,
  resources = [],
  instance = 'node-1;antrea-agent-x',
  fails,
  days = 1,
}: Options) {
  const { source } = sourceOver({
    targets: [{ labels: { job: 'agents', instance }, exposes: 'agent' }],
    resources,
  });
  const asked: { query: string; step: number; count: number }[] = [];
  const known: Source = {
    ...source,
    range: async (query, grid) => {
      if (!isAboutImages(query)) return source.range(query, grid);
      asked.push({ query, step: grid.stepSeconds, count: grid.count });
      if (fails) throw new QueryError('rejected', 'it is refused');
      const labels = { container: 'antrea-agent', image: 'antrea/antrea-agent-ubuntu:v2.5.0' };
      return { series: [{ labels, values: repeated(1, grid.count) }], warnings: [] };
    },
    instant: async (query, time) =>
      query.includes('desired_number') && desired !== undefined
        ? { samples: [{ labels: {}, value: desired }], warnings: [] }
        : source.instant(query, time),
  };
  const gathering = await gather(known, {
    cluster: 'prod',
    period: { start: END - days * DAY, end: END },
    timeZone: 'UTC',
    targetSettings: {
      jobs: {},
      matchers: { agent: {}, controller: {}, others: { site: 'a' } },
      nodeLabels: {},
    },
    indicators: [],
    metrics: METRICS,
    exporters: [],
  });
  const images: GatheredImages[] = [];
  for await (const answer of gathering.answers) if (answer.about === 'images') images.push(answer);
  return { asked, images, unanswered: gathering.facts.unanswered };
}

describe('the images of containers', () => {
  it('are not asked for without kube-state-metrics', async () => {
    expect(await imagesWith({})).toMatchObject({ asked: [], images: [] });
  });

  it('are asked for once if kube-state-metrics has the number of agents', async () => {
    const { asked, images } = await imagesWith({ desired: 1 });
    expect(asked).toMatchObject([{ step: 300, count: 288 }]);
    expect(images).toMatchObject([
      { counts: { ok: true, value: [{ labels: { container: 'antrea-agent' } }] } },
    ]);
  });

  it('are asked for if kube-state-metrics named a node', async () => {
    const labels = { node: 'node-1', pod: 'antrea-agent-x', host_ip: '10.0.0.4', site: 'a' };
    const { asked } = await imagesWith({
      instance: '10.0.0.4:10350',
      resources: [{ metric: 'kube_pod_info', labels }],
    });
    expect(asked).toHaveLength(1);
  });

  it('are asked for at as many points of a month as of a day', async () => {
    const { asked } = await imagesWith({ desired: 1, days: 30 });
    expect(asked.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(288 + asked.length);
    expect(asked[0]?.step).toBe(9000);
  });

  it('have a reason if the query fails, which is no missing answer of the survey', async () => {
    const { images, unanswered } = await imagesWith({ desired: 1, fails: true });
    expect(images).toMatchObject([{ counts: { ok: false, reason: 'it is refused' } }]);
    expect(unanswered).toEqual([]);
  });
});

describe('the query about images', () => {
  const selectors = selectorsIn(imagesQuery([{ label: 'site', operator: '=', value: 'a"b' }]));
  const selects = (name: string, labels: Record<string, string>) =>
    selectors.some((one) => one.name === name && one.matches({ site: 'a"b', ...labels }));

  it('selects the containers of Antrea, also without honor_labels', () => {
    expect(selects('kube_pod_container_info', { container: 'antrea-agent' })).toBe(true);
    expect(selects('kube_pod_container_info', { exported_container: 'antrea-controller' })).toBe(true);
    expect(selects('kube_pod_container_info', { container: 'antrea-ovs' })).toBe(false);
    expect(selects('kube_pod_container_info', { container: 'antrea-agent', site: 'b' })).toBe(false);
  });

  it('leaves out Pods of Antrea that have ended, and asks about the phases of no others', () => {
    expect(selects('kube_pod_status_phase', { pod: 'antrea-agent-x', phase: 'Failed' })).toBe(true);
    expect(selects('kube_pod_status_phase', { pod: 'antrea-agent-x', phase: 'Running' })).toBe(false);
    expect(selects('kube_pod_status_phase', { pod: 'coredns-x', phase: 'Failed' })).toBe(false);
  });
});
