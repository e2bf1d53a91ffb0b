import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The schemas of the adapters' keys in the configuration. */
const CONFIG_SCHEMAS = [
  ...['dingtalk', 'feishu', 'http', 'oidc', 'prometheus', 's3', 'secrets', 'ses', 'slack', 'smtp', 'teams'],
  ...['webhook', 'wecom'],
].map((name) => `adapters/${name}/schema.ts`);

/**
 * The arrows of docs/architecture.md: the rooms and files that each room of `src/` may import. A path includes everything
 * below it. The report is pure, the service is built on it, adapters know only the ports that they implement, and
 * `connect` alone opens them.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'report/model': ['report/model'],
  'report/promql': ['report/model', 'report/promql'],
  'report/catalog': ['report/model', 'report/promql', 'report/catalog'],
  'report/gather': ['report/model', 'report/promql', 'report/gather'],
  'report/assess': ['report/model', 'report/assess'],
  'report/render': ['report/model', 'report/catalog', 'report/render'],
  // Rules and dashboards are made from the records and filled in like the queries of a report.
  'report/monitoring': [
    'report/model',
    'report/promql',
    'report/catalog',
    'report/gather',
    'report/assess/coverage/findings.ts',
    'report/render/kit',
    'report/generator.ts',
    'report/monitoring',
  ],
  // Two reports are compared by the rules of assess, in the words of the sections.
  'report/compare': [
    'report/model',
    'report/assess/comparison',
    'report/assess/medians.ts',
    'report/assess/severity.ts',
    'report/assess/subjects.ts',
    'report/render',
    'report/compare',
  ],
  report: ['report'],
  config: ['report/model', 'report/catalog', 'report/formats.ts', 'config', ...CONFIG_SCHEMAS],
  service: ['report', 'config', 'service'],
  connect: ['adapters', 'config', 'connect', 'report', 'service'],
  adapters: [
    'adapters',
    'config',
    'report/model',
    // The ports: what a Prometheus, a store, a mail server, a chat channel, a caller and an issuer are to the rest.
    'report/gather/source.ts',
    'report/gather/errors.ts',
    'report/gather/bounds.ts',
    'service/api/http.ts',
    'service/api/caller.ts',
    'service/sign-in/provider.ts',
    'service/archive/store.ts',
    'service/digest/outcome.ts',
    'service/digest/chat/channel.ts',
    'service/digest/chat/content.ts',
    'service/digest/chat/markdown.ts',
    'service/digest/mail/transport.ts',
    'service/digest/mail/text.ts',
  ],
};

/** Rooms in the order in which a file's room is looked for: the more exact first. */
const ROOMS = Object.keys(ALLOWED).sort((a, b) => b.length - a.length);

const source = fileURLToPath(new URL('../../src', import.meta.url));

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)));

const isIn = (path: string, room: string) => path === room || path.startsWith(`${room}/`);
const roomOf = (file: string) => ROOMS.find((room) => isIn(file, room)) ?? file.split('/')[0];

/** What a module imports; `isLoadedAtOnce`: before it runs, so neither types nor what `import()` brings. */
function importsOf(file: string, { isLoadedAtOnce = false } = {}): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const pattern = isLoadedAtOnce
    ? /^(?:import|export)\s(?!type\s)(?:[^;]*?from\s+)?'([^']+)'/gm
    : /(?:from|import)\s*\(?\s*'([^']+)'/g;
  return [...text.matchAll(pattern)].map(([, path = '']) =>
    path.startsWith('.') ? relative(source, join(source, file, '..', path)) : path,
  );
}

describe('architecture', () => {
  it('has the rooms of docs/architecture.md and no file outside of them', () => {
    const entries = readdirSync(source, { withFileTypes: true });
    const names = (isFolder: boolean) =>
      entries.filter((entry) => entry.isDirectory() === isFolder).map(({ name }) => name);
    expect(names(true).sort()).toEqual(['adapters', 'cli', 'config', 'connect', 'report', 'service']);
    expect(names(false)).toEqual([]);
  });

  it.each(Object.entries(ALLOWED))('%s imports only %j', (room, allowed) => {
    const inRoom = files.filter((file) => roomOf(file) === room);
    expect(inRoom).not.toEqual([]);
    const wrong = inRoom
      .flatMap((file) => importsOf(file).map((path) => ({ path, edge: `${file} → ${path}` })))
      .filter(({ path }) => path.endsWith('.ts') && !allowed.some((one) => isIn(path, one)));
    expect(wrong.map(({ edge }) => edge)).toEqual([]);
  });

  it('leaves the opening of adapters to connect', () => {
    const handlers = fileURLToPath(new URL('../../handlers', import.meta.url));
    const outside = [
      ...files.filter((file) => isIn(file, 'cli')),
      ...readdirSync(handlers, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => relative(source, join(handlers, name))),
    ];
    const wrong = outside.flatMap((file) =>
      importsOf(file)
        .filter((path) => isIn(path, 'adapters'))
        .map((path) => `${file} → ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the keys and documents of the archive private to it', () => {
    const hidden = ['service/archive/address.ts', 'service/archive/document.ts'];
    const wrong = files
      .filter((file) => !isIn(file, 'service/archive'))
      .filter((file) => importsOf(file).some((path) => hidden.includes(path)));
    expect(wrong).toEqual([]);
  });

  it('has no circles of imports', () => {
    const edges = new Map(files.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string[] => {
      if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')];
      if (done.has(file)) return [];
      const circles = (edges.get(file) ?? []).flatMap((next) => visit(next, [...path, file]));
      done.add(file);
      return circles;
    };
    expect(files.flatMap((file) => visit(file, []))).toEqual([]);
  });

  it('leaves the process to the command line', () => {
    const touching = files
      .filter((file) => !isIn(file, 'cli'))
      .filter((file) =>
        /process\.(env|argv|exit|stdout|stderr)/.test(readFileSync(join(source, file), 'utf8')),
      );
    expect(touching).toEqual([]);
  });

  it('starts command line and service without AWS’s libraries, which load when they are needed', () => {
    const reached = new Set([
      'cli/report.ts',
      ...files.filter((file) => isIn(file, 'connect')),
      'service/api/api.ts',
      'service/jobs/work.ts',
    ]);
    const loaded: string[] = [];
    for (const file of reached) {
      for (const path of importsOf(file, { isLoadedAtOnce: true })) {
        if (path.endsWith('.ts')) reached.add(path);
        else if (/^@(aws-sdk|smithy)\//.test(path)) loaded.push(`${file} → ${path}`);
      }
    }
    expect(loaded).toEqual([]);
  });

  it('answers HTTP requests without loading the stages, which takes longer than the answer', () => {
    const reached = new Set(['service/api/api.ts']);
    for (const file of reached)
      for (const path of importsOf(file, { isLoadedAtOnce: true }))
        if (path.endsWith('.ts')) reached.add(path);
    const stages = [...reached].filter((file) =>
      ['report/gather', 'report/assess', 'report/render/sections'].some((room) => isIn(file, room)),
    );
    expect(stages).toEqual([]);
  });

  it('leaves the clock out of the report', () => {
    const reading = files
      .filter((file) => isIn(file, 'report') && !isIn(file, 'report/render/print'))
      .filter((file) => /Date\.now\(\)|new Date\(\)/.test(readFileSync(join(source, file), 'utf8')));
    expect(reading).toEqual([]);
  });

  it('keeps files readable: none much beyond 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 330);
    expect(long).toEqual([]);
  });
});
