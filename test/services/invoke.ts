/**
 * Runs a function in a separate process, so that its environment is only that of the function. Reads its name and the
 * events as JSON from the standard input, and prints the results as JSON.
 */
import { json } from 'node:stream/consumers';
import { createContext } from '../../scripts/offline/event-source.ts';

const { name, events } = (await json(process.stdin)) as { name: string; events: unknown[] };
const { handler } = await import(`../../handlers/${name}.ts`);
const results: unknown[] = [];
for (const event of events) {
  const context = createContext({ functionName: name, timeoutSeconds: 300 });
  results.push(await handler(event, context));
}
process.stdout.write(`\nresults ${JSON.stringify(results)}\n`);
