/** Some inputs of `npm run fuzz`, always the same ones. */
import { expect, it } from 'vitest';
import { TARGETS } from '../fuzz/targets.ts';

const INPUTS: Record<keyof typeof TARGETS, number> = {
  answers: 6,
  worlds: 6,
  captures: 20,
  documents: 25,
  configurations: 50,
};

it.each(Object.entries(TARGETS))('random %s break no promise', async (name, open) => {
  const target = await open();
  try {
    expect(await target.run({ seed: 1, inputs: INPUTS[name] ?? 0 })).toBeNull();
    // Some are refused, and some are not.
    expect(target.outcomes.size).toBeGreaterThan(1);
  } finally {
    await target.stop();
  }
});
