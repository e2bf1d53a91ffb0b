import { setFlagsFromString } from 'node:v8';

/** By how much the heap may exceed what was alive at the last collection, in percent. By default up to four times as much. */
const GROWTH_PERCENT = 100;

/**
 * Keeps the heap of V8 near what is alive: the room for young objects at its first size of a few MiB instead of 128, and
 * the rest below twice what is alive. Reports are made of short-lived objects; docs/performance.md has the effect.
 *
 * Both can be set while Node runs, other than --max-semi-space-size: a command that npm installs cannot pass options to
 * Node, and the options of Lambda win over NODE_OPTIONS. On the command line, Node 24.21 ignores the first one.
 */
export function limitHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
