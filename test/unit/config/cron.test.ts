import { expect, it } from 'vitest';
import { findCronProblem } from '../../../src/config/cron.ts';

it.each([
  '0 6 * * ? *',
  '30 7 ? * MON-FRI *',
  '0 8 L * ? *',
  '0 8 LW * ? *',
  '0 8 15W JAN,JUL ? *',
  '0/15 0-23/2 1,15 1-6 ? 2026-2030',
  '0 8 ? * 2#1 *',
  '0 8 ? * FRIL *',
  '59 23 31 12 ? 2199',
])('%s is possible', (cron) => {
  expect(findCronProblem(cron)).toBeNull();
});

it.each([
  ['60 6 * * ? *', 'has "60" for the minutes, which is 0 to 59'],
  ['0 24 * * ? *', 'has "24" for the hours, which is 0 to 23'],
  ['0 6 32 * ? *', 'has "32" for the day, which is 1 to 31'],
  ['0 6 0 * ? *', 'has "0" for the day, which is 1 to 31'],
  ['0 6 * 13 ? *', 'has "13" for the month, which is 1 to 12 or JAN to DEC'],
  ['0 6 ? * MONDAY *', 'has "MONDAY" for the weekday, which is 1 to 7 or SUN to SAT'],
  ['0 6 ? * 0 *', 'has "0" for the weekday, which is 1 to 7 or SUN to SAT'],
  ['0 6 ? * 2#6 *', 'has "2#6" for the weekday, which is 1 to 7 or SUN to SAT'],
  ['0 6 * * ? 1969', 'has "1969" for the year, which is 1970 to 2199'],
  ['30-10 6 * * ? *', 'has "30-10" for the minutes, which is 0 to 59'],
  ['*/0 6 * * ? *', 'has "*/0" for the minutes, which is 0 to 59'],
  ['-5 6 * * ? *', 'has "-5" for the minutes, which is 0 to 59'],
  ['5, 6 * * ? *', 'has "" for the minutes, which is 0 to 59'],
  ['0 6 * * * *', 'needs "?" as either its third or its fifth field (day, weekday)'],
  ['0 6 ? * ? *', 'needs "?" as either its third or its fifth field (day, weekday)'],
])('%s is not: %s', (cron, problem) => {
  expect(findCronProblem(cron)).toBe(problem);
});
