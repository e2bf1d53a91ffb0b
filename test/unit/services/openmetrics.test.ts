import { expect, it } from 'vitest';
import { parseSeries } from '../../services/openmetrics.ts';

it('reads samples into series with their labels and times', () => {
  const text = [
    '# TYPE up gauge',
    'up{job="a",instance="n;p"} 1 1795125613',
    'up{job="b \\"c\\" {d}, e\\\\",instance="n;p"} 0 1795125613.5',
    'up{job="a",instance="n;p"} 0 1795125673',
    'x_total 3e2 1',
    '# EOF',
    '',
  ].join('\n');
  const plain = parseSeries(text).map(({ name, labels, timestamps, values }) => ({
    name,
    labels,
    timestamps: [...timestamps],
    values: [...values],
  }));
  expect(plain).toEqual([
    {
      name: 'up',
      labels: { job: 'a', instance: 'n;p' },
      timestamps: [1_795_125_613_000, 1_795_125_673_000],
      values: [1, 0],
    },
    {
      name: 'up',
      labels: { job: 'b "c" {d}, e\\', instance: 'n;p' },
      timestamps: [1_795_125_613_500],
      values: [0],
    },
    { name: 'x_total', labels: {}, timestamps: [1000], values: [300] },
  ]);
});

it('rejects a line that is not a sample', () => {
  expect(() => parseSeries('up{job="a"} 1')).toThrow('Not a sample with a time');
});
