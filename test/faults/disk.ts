/** A disk that is full, or broken, for some of the files that this process writes to a folder. */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

export type Disk = {
  /** Starts the next run, which writes below this folder. `faultAt` gets the number of a file, from 1. */
  begin(folder: string, faultAt: (number: number) => { code: string } | null): void;
  restore(): void;
};

export function replaceDisk(): Disk {
  const realOpen = fs.open;
  let folder: string | undefined;
  let faultAt: Parameters<Disk['begin']>[1] = () => null;
  let files = 0;
  fs.open = async (...parameters) => {
    const handle = await realOpen(...parameters);
    const [path, flags] = parameters;
    if (folder === undefined || flags !== 'w' || !String(path).startsWith(folder)) return handle;
    files += 1;
    const fault = faultAt(files);
    if (fault !== null)
      handle.writeFile = async (data) => {
        const bytes = Buffer.from(data as Uint8Array);
        await handle.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
        throw Object.assign(new Error(`${fault.code}: write`), { code: fault.code });
      };
    return handle;
  };
  syncBuiltinESMExports();
  return {
    begin(next, fault) {
      folder = next;
      faultAt = fault;
      files = 0;
    },
    restore() {
      fs.open = realOpen;
      syncBuiltinESMExports();
    },
  };
}
