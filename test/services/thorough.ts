/**
 * Whether to try all combinations and many runs. `npm test` tries a part of them, so that it stays quick enough to run
 * before each commit; `npm run test:thorough` tries all.
 */
const IS_THOROUGH = process.env['THOROUGH'] === 'yes';

/** Returns how much to try: the first number in `npm test`, the second in `npm run test:thorough`. */
export function howMany(usually: number, thoroughly: number): number {
  return IS_THOROUGH ? thoroughly : usually;
}

/** Returns every `share`-th case, from `first` on; all of them in `npm run test:thorough`. */
export function someOf<Case>(cases: readonly Case[], first: number, share: number): Case[] {
  return cases.filter((_, index) => IS_THOROUGH || index % share === first);
}
