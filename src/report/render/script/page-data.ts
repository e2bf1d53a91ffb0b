import { UNITS, type Unit } from '../../model/indicator.ts';
import type { Context } from '../kit/context.ts';
import { LANGUAGE_RULES } from '../kit/languages/languages.ts';
import { UNIT_FORMATS } from '../kit/units.ts';
import { SCRIPT_WORDS } from './words.ts';

/** What the script needs besides the page, each as the text of an attribute. Values from outside stay data there. */
export type PageData = {
  /** Words, the language, and how units are written, as JSON. */
  words: string;
  /** The times of the points of charts, as the report writes them; the last one is the end of the period. */
  times: string;
  /** The names of the nodes, in the order that `data-nodes` refers to. */
  nodeNames: string;
};

/** No time and no visible name of a node has a line break. */
const SEPARATOR = '\n';

export function pageData(context: Context): PageData {
  const { language, nodePlaces, hostName } = context;
  const { locale } = LANGUAGE_RULES[language];
  return {
    words: JSON.stringify({ ...SCRIPT_WORDS[language], locale, units: writtenUnits(context) }),
    times: pointTimes(context).join(SEPARATOR),
    nodeNames: [...nodePlaces.keys()].map((name) => hostName(name).replace(/\s/g, ' ')).join(SEPARATOR),
  };
}

/** Magnitudes of a unit: divisor, and what follows the number 1 and other numbers. */
type WrittenUnit = readonly (readonly [divisor: number, one: string, many: string])[];

/** Returns the units whose values have something after the number. */
function writtenUnits({ language }: Context): Partial<Record<Unit, WrittenUnit>> {
  const { noun } = LANGUAGE_RULES[language];
  const written = UNITS.map((unit): [Unit, WrittenUnit] => {
    const { magnitudes, noun: place } = UNIT_FORMATS[unit];
    const nounOf = (isOne: boolean) => (place === 'symbol' ? `\u00a0${noun(unit, isOne)}` : '');
    return [
      unit,
      magnitudes.map(({ divisor, symbol }) => [divisor, symbol + nounOf(true), symbol + nounOf(false)]),
    ];
  });
  return Object.fromEntries(written.filter(([, magnitudes]) => magnitudes.some(([, one]) => one !== '')));
}

function pointTimes({ report: { period }, format }: Context): string[] {
  const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
  const step = period.chartStepSeconds * 1000;
  const count = Math.floor((end - start) / step) + 1;
  return Array.from({ length: count }, (_, index) =>
    format.time(new Date(end - (count - 1 - index) * step).toISOString()),
  );
}
