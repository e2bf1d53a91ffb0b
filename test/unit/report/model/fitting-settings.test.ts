import { describe, expect, it } from 'vitest';
import {
  describingLabels,
  fittingSettings,
  jobsLine,
  matchersLine,
} from '../../../../src/report/model/fitting-settings.ts';
import type { ReportSurvey } from '../../../../src/report/model/survey.ts';
import { yamlMap, yamlText } from '../../../../src/report/model/yaml.ts';

type Job = ReportSurvey['elsewhere'][number];

const job = (name: string, labels: Job['labels'], component: Job['component'] = 'agent'): Job => ({
  job: name,
  component,
  lastSeen: '2026-11-22T07:59:30Z',
  labels,
});

describe('settings that match the jobs of a server', () => {
  it('names each job once, by component', () => {
    const found = [
      job('a', { cluster: 'x' }),
      job('a', { cluster: 'y' }),
      job('b', {}),
      job('my: job', {}, 'controller'),
      job('', {}, 'controller'),
    ];
    const fitting = fittingSettings(found, []);
    expect(fitting.jobs).toEqual({ agent: ['a', 'b'], controller: ['my: job'] });
    expect(jobsLine(fitting)).toBe('jobs: { agent: [a, b], controller: "my: job" }');
  });

  it('replaces a matcher that matches no job by the existing values, and keeps one that matches any', () => {
    const found = [
      job('a', { cluster: 'y', region: 'eu' }),
      job('b', { cluster: 'x', region: 'us', 'k8s.cluster.name': 'c' }),
    ];
    const fitting = fittingSettings(found, [
      ['cluster', 'z'],
      ['region', 'asia'],
      ['region', 'us'],
      ['k8s.cluster.name', 'd'],
      ['team', 'network'],
    ]);
    expect(fitting.replaced).toEqual([
      { label: 'cluster', values: ['x', 'y'] },
      { label: 'k8s.cluster.name', values: ['c'] },
    ]);
    expect(fitting.absent).toEqual(['team']);
    expect(matchersLine(fitting)).toBe('matchers: { cluster: x, k8s.cluster.name: c }');
  });

  it('has no lines if nothing has to change', () => {
    const fitting = fittingSettings([job('', { cluster: 'x' })], [['cluster', 'x']]);
    expect([jobsLine(fitting), matchersLine(fitting)]).toEqual([null, null]);
  });
});

describe('the labels that describe a job', () => {
  it('are up to four, without those of a single target', () => {
    const labels = { instance: 'i', pod: 'p', a: '1', node: 'n', b: '2', c: '3', d: '4', e: '5' };
    expect(describingLabels(job('a', labels)).map(([label]) => label)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('YAML', () => {
  it('quotes what YAML would read as something else', () => {
    expect(['east', 'kube-system/antrea', '1', 'no', 'a: b', ''].map(yamlText)).toEqual([
      'east',
      'kube-system/antrea',
      '"1"',
      '"no"',
      '"a: b"',
      '""',
    ]);
    expect(yamlMap({ a: 'b', 'c:': 'true' })).toBe('{ a: b, "c:": "true" }');
  });
});
