#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Compiling what a report needs takes longer than making it; the next run finds it in the temporary folder.
enableCompileCache();
const { runCommandLine } = await import('./program.ts');
process.exitCode = await runCommandLine(process.argv, process.env);
