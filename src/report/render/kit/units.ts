import type { Unit } from '../../model/indicator.ts';

/** How large values of a unit are shown. A value is divided by `divisor`; `symbol` follows the number directly. */
export type Magnitude = { divisor: number; symbol: string };

export type UnitFormat = {
  /** From the smallest to the largest. */
  magnitudes: readonly [Magnitude, ...Magnitude[]];
  /**
   * Where the noun of the language follows the number: `counted` units have it in sentences only, because titles of
   * tables already name what is counted; a `symbol` unit always has it. The nouns are in `languages/`.
   */
  noun: 'none' | 'counted' | 'symbol';
};

/** Keeps a number and its unit on one line. */
export const NO_BREAK_SPACE = '\u00a0';

const withSymbol = (symbol: string, divisor: number): Magnitude => ({
  divisor,
  symbol: `${NO_BREAK_SPACE}${symbol}`,
});

const PLAIN = { divisor: 1, symbol: '' };
const NUMBER: UnitFormat = { magnitudes: [PLAIN], noun: 'none' };
const COUNTED: UnitFormat = { magnitudes: [PLAIN], noun: 'counted' };

export const UNIT_FORMATS: Readonly<Record<Unit, UnitFormat>> = {
  milliseconds: { magnitudes: [withSymbol('ms', 1), withSymbol('s', 1000)], noun: 'none' },
  seconds: {
    // Lifetimes are days. Hours between them would round to 24 h what is a day when it is read again.
    magnitudes: [withSymbol('ms', 0.001), withSymbol('s', 1), withSymbol('d', 86_400)],
    noun: 'none',
  },
  bytes: {
    magnitudes: [
      withSymbol('B', 1),
      withSymbol('KiB', 1024),
      withSymbol('MiB', 1024 ** 2),
      withSymbol('GiB', 1024 ** 3),
      withSymbol('TiB', 1024 ** 4),
    ],
    noun: 'none',
  },
  ratio: { magnitudes: [{ divisor: 0.01, symbol: '%' }], noun: 'none' },
  'per-second': { magnitudes: [{ divisor: 1, symbol: '/s' }], noun: 'none' },
  count: NUMBER,
  cores: { magnitudes: [PLAIN], noun: 'symbol' },
  'failed-bundles': COUNTED,
  flows: COUNTED,
  pods: COUNTED,
  restarts: COUNTED,
  agents: COUNTED,
  controllers: COUNTED,
  containers: COUNTED,
  items: COUNTED,
  retries: COUNTED,
  'service-ports': COUNTED,
  packets: COUNTED,
  connections: COUNTED,
  reconnections: COUNTED,
  'domain-names': COUNTED,
  evictions: COUNTED,
  goroutines: COUNTED,
};
