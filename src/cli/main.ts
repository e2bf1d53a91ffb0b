#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { limitHeap } from '../connect/heap.ts';
import { privateFolder } from '../report/render/print/private-folder.ts';
import { endWithoutReader } from './terminal.ts';

limitHeap();
// Compiling the program takes longer than making a report. A cache saves that for the next run.
try {
  enableCompileCache(privateFolder('compiled'));
} catch {
  // Without such a folder, everything is compiled again.
}
endWithoutReader();
const { runCommandLine } = await import('./program.ts');
process.exitCode = await runCommandLine(process.argv, process.env);
