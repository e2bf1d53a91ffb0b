/**
 * The cron expressions of EventBridge Scheduler, which refuses others only when a stack is half deployed
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 */

export type Field = {
  name: string;
  least: number;
  most: number;
  /** Names for the values from `least` on. */
  names?: readonly string[];
  /** Further forms. */
  also?: RegExp;
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields of an expression, in their order. */
export const CRON_FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  // L: the last day; W: the weekday nearest to it or to a day.
  { name: 'day', least: 1, most: 31, also: /^(?:\?|L|LW|(?:[1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  // L: the last one in the month; #: which one.
  {
    name: 'weekday',
    least: 1,
    most: 7,
    names: WEEKDAYS,
    also: new RegExp(`^(?:\\?|L|(?:[1-7]|${WEEKDAYS.join('|')})(?:L|#[1-5]))$`),
  },
  { name: 'year', least: 1970, most: 2199 },
];

/** Returns what is wrong with a cron expression of six fields, or `null`. */
export function findCronProblem(cron: string): string | null {
  const parts = cron.split(' ');
  for (const [index, field] of CRON_FIELDS.entries()) {
    const wrong = parts[index]?.split(',').find((item) => !isItem(item, field));
    if (wrong !== undefined) {
      const names = field.names ? ` or ${field.names[0]} to ${field.names.at(-1)}` : '';
      return `has "${wrong}" for the ${field.name}, which is ${field.least} to ${field.most}${names}`;
    }
  }
  const [, , day, , weekday] = parts;
  if ((day === '?') === (weekday === '?'))
    return 'needs "?" as either its third or its fifth field (day, weekday)';
  return null;
}

/** Whether an item of a field is a value, a range, all values, one of these with a step, or a further form. */
function isItem(item: string, field: Field): boolean {
  if (field.also?.test(item)) return true;
  const [, from = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
  if (step !== undefined && Number(step) === 0) return false;
  if (from === '*') return true;
  const ends = from.split('-').map((end) => numberOf(end, field));
  if (ends.length > 2 || ends.includes(null)) return false;
  const [first = 0, last = first] = ends as number[];
  return first <= last;
}

/** Returns the value that a number or a name of a field stands for; null for other text. */
export function numberOf(text: string, { least, most, names }: Field): number | null {
  const index = names?.indexOf(text) ?? -1;
  if (index >= 0) return least + index;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : null;
}
