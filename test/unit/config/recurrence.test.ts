import { describe, expect, it } from 'vitest';
import { parseRecurringTime } from '../../../src/config/recurrence.ts';

describe('a recurring time', () => {
  it.each([
    ['Tue 22:00-02:00', [2], null, 22, 26],
    ['tuesday 22:00 – 24:00', [2], null, 22, 24],
    ['Tues 22:00-00:00', [2], null, 22, 24],
    ['Mon-Fri 01:00-05:00', [1, 2, 3, 4, 5], null, 1, 5],
    ['Fri - Mon 01:00-05:00', [0, 1, 5, 6], null, 1, 5],
    ['Sat, Sun and Wed 00:00-24:00', [0, 3, 6], null, 0, 24],
    ['day 02:00-03:00', [0, 1, 2, 3, 4, 5, 6], null, 2, 3],
    ['first Sun 01:00-05:00', [0], 1, 1, 5],
    ['Last Thursday of the month 23:00-01:00', [4], -1, 23, 25],
  ])('can be %s', (text, weekdays, nth, start, end) => {
    expect(parseRecurringTime(text, 'every')).toEqual({
      weekdays,
      nth,
      start: start * 3600,
      end: end * 3600,
    });
  });

  it.each([
    ['Teu 22:00-02:00', '"Teu" is not a weekday such as Tue; did you mean Tue?'],
    [
      'fist Sun 22:00-02:00',
      '"fist Sun" begins with none of first, second, third, fourth, last; did you mean first?',
    ],
    ['Tu 22:00-02:00', '"Tu" is not a weekday such as Tue; did you mean Tue?'],
    ['weekdays 22:00-02:00', '"weekdays" is not a weekday such as Tue'],
    ['Tue', '"Tue" is not a recurring time such as Tue 22:00-02:00, Mon-Fri'],
    ['Tue 22:00', '"Tue 22:00" is not a recurring time such as'],
    ['22:00-02:00', '"22:00-02:00" needs its days, for example "Tue 22:00-02:00" or "day 22:00-02:00"'],
    ['Tue 22-02', '"22" is not a time of the day, 00:00 to 24:00'],
    ['Tue 9:00-10:00', '"9:00" is not a time of the day'],
    ['Tue 22:00-25:00', '"25:00" is not a time of the day'],
    ['Tue 24:00-02:00', 'a time that begins at 24:00 begins at 00:00 of the next day'],
    ['Tue 22:00-22:00', '"Tue 22:00-22:00" begins and ends at 22:00; a whole day is 00:00-24:00'],
    ['first Sat, Sun 01:00-02:00', '"first Sat, Sun" has several days; write a list'],
    ['fifth Sun 01:00-02:00', '"fifth Sun" begins with none of first, second, third, fourth, last'],
    ['Sat Sun 01:00-02:00', '"Sat Sun" has several days, which are joined by commas or by a hyphen'],
    ['Mon-Wed-Fri 01:00-02:00', '"Mon-Wed-Fri" is not a range of days such as Mon-Fri'],
    ['constructor Sun 01:00-02:00', '"constructor Sun" begins with none of first'],
    ['', '"" is not a recurring time such as'],
  ])('cannot be %s', (text, message) => {
    expect(() => parseRecurringTime(text, 'every')).toThrow(`every: ${message}`);
  });
});
