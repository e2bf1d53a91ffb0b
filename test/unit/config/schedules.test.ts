import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/file.ts';
import { schedulesOf } from '../../../src/config/schedules.ts';

const CLUSTERS = 'clusters: [{ name: berlin }, { name: shanghai }]\n';

const schedules = (yaml: string) => schedulesOf(parseConfig(CLUSTERS + yaml, 'test.yaml').file);
const cronOf = (schedule: string) => schedules(`schedules: [{ name: one, ${schedule} }]`)[0]?.cron;

describe('schedules', () => {
  it('are a daily one when the configuration has none', () => {
    expect(schedules('timeZone: Asia/Shanghai')).toEqual([
      {
        ...{ name: 'daily', period: 'day', cron: 'cron(0 6 * * ? *)', timeZone: 'Asia/Shanghai' },
        ...{ clusters: undefined, language: undefined, formats: undefined },
      },
    ]);
  });

  it.each([
    ['period: day', 'cron(0 6 * * ? *)'],
    ['period: day, at: "07:30"', 'cron(30 7 * * ? *)'],
    ['period: week, at: "00:05"', 'cron(5 0 ? * MON *)'],
    ['period: month, at: "23:59"', 'cron(59 23 1 * ? *)'],
    ['period: day, cron: "30 7 ? * MON-FRI *"', 'cron(30 7 ? * MON-FRI *)'],
    ['period: month, cron: "0 8 L * ? *"', 'cron(0 8 L * ? *)'],
  ])('%s is %s', (schedule, cron) => {
    expect(cronOf(schedule)).toBe(cron);
  });

  it('use their own time zone, the common one or UTC', () => {
    const zoneOf = (yaml: string) => schedules(yaml)[0]?.timeZone;
    const own = 'schedules: [{ name: one, period: day, timeZone: Europe/Berlin }]';
    expect(zoneOf(`timeZone: Asia/Shanghai\n${own}`)).toBe('Europe/Berlin');
    expect(zoneOf('timeZone: Asia/Shanghai\nschedules: [{ name: one, period: day }]')).toBe('Asia/Shanghai');
    expect(zoneOf('schedules: [{ name: one, period: day }]')).toBe('UTC');
  });

  it('keep clusters, language and formats', () => {
    const yaml =
      'schedules: [{ name: one, period: week, clusters: [shanghai], language: zh-CN, formats: [pdf] }]';
    expect(schedules(yaml)).toMatchObject([
      { clusters: ['shanghai'], language: 'zh-CN', formats: ['pdf'], period: 'week' },
    ]);
  });

  it.each([
    ['[{ name: one, period: day }, { name: one, period: week }]', 'schedules: "one" is listed twice'],
    [
      '[{ name: one, period: day, clusters: [berlin, paris] }]',
      'schedules.one.clusters: "paris" is not one of the clusters: berlin, shanghai',
    ],
    [
      '[{ name: one, period: day, clusters: [shangai] }]',
      'schedules.one.clusters: "shangai" is not one of the clusters; did you mean "shanghai"?',
    ],
    [
      '[{ name: one, period: day, timeZone: Europe/Bärlin }]',
      'schedules.one.timeZone: "Europe/Bärlin" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC',
    ],
    [
      '[{ name: one, period: day, timeZone: "+08:00" }]',
      'schedules.one.timeZone: schedules need the name of a time zone such as Asia/Shanghai, not the offset +08:00',
    ],
    [
      '[{ name: one, period: day, cron: "0 6 * * * *" }]',
      'schedules.one.cron: "0 6 * * * *" needs "?" as either its third or its fifth field (day, weekday)',
    ],
    [
      '[{ name: one, period: day, cron: "0 6 ? * ? *" }]',
      'schedules.one.cron: "0 6 ? * ? *" needs "?" as either its third or its fifth field (day, weekday)',
    ],
    [
      '[{ name: one, period: day, cron: "cron(0 6 * * ? *)" }]',
      'schedules.one.cron: "cron(0 6 * * ? *)" has "cron(0" for the minutes, which is 0 to 59',
    ],
  ])('%s is refused: %s', (yaml, message) => {
    expect(() => schedules(`schedules: ${yaml}`)).toThrow(
      expect.objectContaining({ name: 'ConfigError', message }),
    );
  });
});
