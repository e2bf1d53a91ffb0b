/**
 * Starts the command from the checkout: `npm run antrea-health`. npm changes to the root folder and says where it was
 * called, and relative paths start there.
 */
const { INIT_CWD } = process.env;
if (INIT_CWD !== undefined) process.chdir(INIT_CWD);
await import('../src/cli/main.ts');

export {};
