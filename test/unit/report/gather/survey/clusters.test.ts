import { describe, expect, it } from 'vitest';
import { GatherError } from '../../../../../src/report/gather/errors.ts';
import type { Labels } from '../../../../fixtures/fake-source.ts';
import { cluster, pickedBy, surveyed, target } from './worlds.ts';

const inCluster = (labels: Labels, startedAt = 1) => cluster(() => [labels, { startedAt }]);

async function refusalOf(work: Promise<unknown>): Promise<GatherError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatherError);
  return error as GatherError;
}

describe('several clusters on one server', () => {
  it.each(['cluster', 'k8s.cluster.name', 'cluster_id'])('are separated by the label %s', async (label) => {
    const [prod, test] = [inCluster({ [label]: 'prod' }), inCluster({ [label]: 'te"st' })];
    const survey = await surveyed([...prod, ...test], { cluster: 'te"st' });
    expect(survey.cluster).toEqual({ label, value: 'te"st', others: ['prod'] });
    expect(survey.targets).toHaveLength(4);
    expect(survey.duplications).toEqual([]);
    expect(pickedBy(survey, 'agent', [...prod, ...test])).toEqual(test.slice(0, 3));
    expect(pickedBy(survey, 'controller', [...prod, ...test])).toEqual(test.slice(3));
    expect(survey.views[0].selection.others).toEqual([{ label, operator: '=', value: 'te"st' }]);
  });

  it.each(['constructor', 'toString'])('are found by the label %s as by any other', async (label) => {
    const outcomeWith = (name: string) => {
      const all = [...inCluster({ [name]: 'a' }), ...inCluster({}), ...inCluster({ [name]: 'b', x: 'y' })];
      return surveyed(all, { cluster: 'a' }).then(
        (survey) => JSON.stringify([survey.cluster, survey.duplications]).replaceAll(name, 'label'),
        (error: Error) => error.message.replaceAll(name, 'label'),
      );
    };
    expect(await outcomeWith(label)).toBe(await outcomeWith('shard'));
  });

  it('are listed in one line if none of them was chosen', async () => {
    const all = ['b', 'a', ''].flatMap((name) => inCluster(name === '' ? {} : { cluster: name }));
    const error = await refusalOf(surveyed(all, { cluster: 'prod' }));
    expect(error.message).toMatch(
      /^--cluster: "prod" is not among .* by the label cluster: \(none: cluster is missing\), a, b; .+$/,
    );
    expect(error.isUsage).toBe(true);
    const unnamed = await refusalOf(surveyed(all, { cluster: '' }));
    expect(unnamed.message).toMatch(
      /^--cluster: this server has several clusters by the label cluster: \(none: cluster is missing\), a, b; .+$/,
    );
  });

  it('are listed in one line whatever their names are', async () => {
    const all = ['a"b\\c\nd', 'x'].flatMap((name) => inCluster({ cluster: name }));
    const { message } = await refusalOf(surveyed(all));
    expect(message).toContain(String.raw`by the label cluster: "a\"b\\c\nd", x;`);
    expect(message).not.toContain('\n');
  });

  it('are separated by an unusual label even if their nodes have the same names', async () => {
    const [east, west] = [inCluster({ site: 'east' }, 1000), inCluster({ site: 'west' }, 5000)];
    const survey = await surveyed([...east, ...west], { cluster: 'west' });
    expect(survey.cluster).toEqual({ label: 'site', value: 'west', others: ['east'] });
    expect(pickedBy(survey, 'agent', [...east, ...west])).toEqual(west.slice(0, 3));
    expect((await refusalOf(surveyed([...east, ...west]))).message).toContain(
      'by the label site: east, west;',
    );
  });

  it('are separated by an unusual label if their nodes have other names', async () => {
    const of = (site: string) => [
      ...['1', '2'].map((node) => target('agent', `${site}-${node}`, { site })),
      target('controller', `${site}-1`, { site }),
    ];
    const [east, west] = [of('east'), of('west')];
    const survey = await surveyed([...east, ...west], { cluster: 'east' });
    expect(survey.cluster).toEqual({ label: 'site', value: 'east', others: ['west'] });
    expect(pickedBy(survey, 'agent', [...east, ...west])).toEqual(east.slice(0, 2));
  });

  it('have to be named by their jobs if only these separate them', async () => {
    const of = (name: string, startedAt: number) =>
      cluster((component) => [{ job: `${name}/${component}` }, { startedAt }]);
    const all = [...of('east', 1000), ...of('west', 5000)];
    const { message } = await refusalOf(surveyed(all));
    expect(message).toBe(
      'prometheus.jobs: the jobs east/agent, east/controller, west/agent, west/controller scrape different processes under the same names, as those of several clusters do; name the jobs of one cluster',
    );
    const jobs = { agent: ['east/agent'], controller: ['east/controller'] };
    expect((await surveyed(all, { jobs })).targets).toHaveLength(4);
  });

  it('need no choice if the user’s matchers pick one, whatever its name is', async () => {
    const [prod, test] = [inCluster({ cluster: 'prod' }), inCluster({ cluster: 'test' })];
    const labels = { cluster: 'test' };
    const survey = await surveyed([...prod, ...test], {
      cluster: 'My cluster',
      matchers: { agent: labels, controller: labels, others: labels },
    });
    expect(survey.cluster).toBeNull();
    expect(pickedBy(survey, 'agent', [...prod, ...test])).toEqual(test.slice(0, 3));
  });
});

describe('one cluster', () => {
  it.each<[string, Labels]>([
    ['its label has one value', { cluster: 'x' }],
    ['it has none', {}],
  ])('may have any name if %s', async (_, labels) => {
    const survey = await surveyed(inCluster(labels), { cluster: 'What we call it' });
    expect(survey.cluster).toBeNull();
    expect(survey.targets).toHaveLength(4);
  });

  it('is not split by labels that differ between its targets', async () => {
    const targets = cluster((component, node) => [
      { zone: node === 'n1' ? 'a' : 'b', namespace: component, app: component, pod_hash: node },
    ]);
    const survey = await surveyed(targets);
    expect(survey.cluster).toBeNull();
    expect(survey.targets).toHaveLength(4);
  });

  it('is not split by version in an upgrade, in which one controller replaces another', async () => {
    const half = 40;
    const of = (version: string, isLater: boolean) =>
      cluster((component, node) => [
        { version, instance: `${node};antrea-${component}-${version}` },
        { scrapes: (index: number) => (index < half === isLater ? null : 20) },
      ]);
    const survey = await surveyed([...of('v1', false), ...of('v2', true)]);
    expect(survey.cluster).toBeNull();
    expect(survey.duplications).toEqual([]);
    expect(survey.targets).toHaveLength(8);
  });

  it('is not split by release if one controller replaces another within a look-back', async () => {
    const at = 40;
    const of = (release: string, isLater: boolean) =>
      cluster((component, node) => [
        { release, instance: `${node};antrea-${component}-${release}` },
        {
          scrapes: (index: number) => {
            if (index === at) return 10;
            return index < at === isLater ? null : 20;
          },
        },
      ]);
    const survey = await surveyed([...of('v1', false), ...of('v2', true)]);
    expect([survey.cluster, survey.duplications]).toEqual([null, []]);
  });

  it('is not split by labels of its nodes, even if a second controller runs', async () => {
    const zone = 'topology_kubernetes_io_zone';
    const targets = cluster((_, node) => [{ [zone]: node === 'n1' ? 'a' : 'b' }]);
    const survey = await surveyed([...targets, target('controller', 'n2', { [zone]: 'b' })]);
    expect([survey.cluster, survey.targets.length]).toEqual([null, 5]);
  });

  it.each(['agent', 'controller'])(
    'is complete if only the job of the %s adds a label for the cluster',
    async (named) => {
      const targets = cluster((component) => [component === named ? { cluster: 'prod' } : {}]);
      for (const name of ['prod', 'What we call it']) {
        const survey = await surveyed(targets, { cluster: name });
        expect(survey.cluster).toBeNull();
        expect(survey.targets).toHaveLength(4);
      }
    },
  );
});
