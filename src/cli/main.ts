#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Compiling the program takes longer than making a report. The cache in the temporary folder saves that for the next run.
enableCompileCache();
const { runCommandLine } = await import('./program.ts');
process.exitCode = await runCommandLine(process.argv, process.env);
