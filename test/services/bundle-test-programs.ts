/** Bundles the programs of `test-program.ts` in a folder: node test/services/bundle-test-programs.ts FOLDER */
import { bundleProgram } from '../../deploy/bundle.ts';
import { TEST_PROGRAMS } from './test-program.ts';

const [, , folder = ''] = process.argv;
for (const name of TEST_PROGRAMS) await bundleProgram(`test/services/${name}.ts`, folder);
