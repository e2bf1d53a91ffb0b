/** `npm run fuzz -- --inputs 20000 [--only answers] [--seed N]`: checks random inputs and prints those that break a promise. */
import { parseArgs } from 'node:util';
import { TARGETS } from './targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

/** Inputs of one seed. After a failure, the next seed follows. */
const BATCH = 100;

const open = Object.entries(TARGETS).filter(([name]) => values.only === undefined || name === values.only);
let failures = 0;
for (const [name, openTarget] of open) {
  const began = performance.now();
  const target = await openTarget();
  const seen = new Set<string>();
  try {
    for (let done = 0, seed = Number(values.seed); done < Number(values.inputs); done += BATCH, seed += 1) {
      const failure = await target.run({ seed, inputs: BATCH });
      if (failure === null) continue;
      failures += 1;
      print(`${name}, --seed ${seed}: ${failure.message}\n`);
      seen.add(failure.message);
    }
  } finally {
    await target.stop();
  }
  const seconds = (performance.now() - began) / 1000;
  const outcomes = [...target.outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  print(
    `${name}: ${values.inputs} inputs in ${seconds.toFixed(0)} s: ${outcomes}; ${seen.size} seeds with failures`,
  );
}
print(`highest memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
process.exitCode = failures > 0 ? 1 : 0;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
