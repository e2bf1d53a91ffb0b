#!/usr/bin/env node
// The first file of the installed command. It has only what Node 10 and later can parse, so that an older Node gives a
// sentence instead of a syntax error. A file with this name is CommonJS in every version.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
// `engines` in package.json has the same versions. undici needs them; those of Node 23 have no support any more.
if (major >= 24 || (major === 22 && minor >= 19)) {
  withoutWarningOfSqlite();
  import('./main.mjs');
} else {
  process.stderr.write(
    `antrea-health: needs Node 22.19 or later, or Node 24 or later; this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 2;
}

/** Node 22 warns at each start that SQLite, which stores reports in folders, may change; the tests cover Node 22. */
function withoutWarningOfSqlite() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...details) => {
    if (!/^SQLite is an experimental feature/.test(warning)) emitWarning.call(process, warning, ...details);
  };
}
