import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's room for young objects at its first size, which saves a function that makes reports 50 to 90 MiB. Lambda starts
 * Node with --max-semi-space-size for 15 % of the memory, at least in its image for Node 18 (/var/runtime/bootstrap); the
 * command line wins over NODE_OPTIONS. V8 reads that maximum when it starts, but this factor each time that it would grow.
 */
export function limitYoungObjects(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
