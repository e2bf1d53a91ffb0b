import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * config → gather → assess → render → deliver: each stage knows the model, some know the catalog, none knows another.
 * Queries are written by catalog and filled in by gather, so both know how PromQL is written (`promql`).
 * Only `pipeline` composes them, and only `handlers/` and `cli` see the process around them.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: ['model'],
  promql: ['model', 'promql'],
  catalog: ['model', 'promql', 'catalog'],
  aws: ['aws'],
  config: ['model', 'config'],
  gather: ['model', 'promql', 'gather'],
  assess: ['model', 'assess'],
  render: ['model', 'catalog', 'render'],
  deliver: ['deliver'],
  archive: ['model', 'deliver', 'archive'],
};

/** Rooms that compose others, as pipeline.ts does, and what they have no business with. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  // Loading the stages takes longer than answering a request.
  api: ['gather', 'assess', 'aws', 'cli', 'pipeline.ts', 'prometheus-source.ts'],
  service: ['api', 'cli', 'assess', 'aws'],
};

/** What a module imports before it runs, types apart. */
const LOADED_AT_ONCE = /^(?:import|export)\s(?!type\s)(?:[^;]*?from\s+)?'([^']+)'/gm;

const source = fileURLToPath(new URL('../../src', import.meta.url));

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)));

const roomOf = (file: string) => file.split('/')[0] ?? '';

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(source, join(source, file, '..', path)),
  );
}

describe('architecture', () => {
  it('finds the rooms of the design', () => {
    expect([...new Set(files.map(roomOf))]).toEqual(expect.arrayContaining(Object.keys(ALLOWED)));
  });

  it.each(Object.entries(ALLOWED))('%s imports only %j', (room, allowed) => {
    const wrong = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((path) => `${file} → ${path}`))
      .filter((edge) => !allowed.includes(roomOf(edge.split(' → ')[1] ?? '')));
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(FORBIDDEN))('%s imports none of %j', (room, forbidden) => {
    const wrong = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((path) => `${file} → ${path}`))
      .filter((edge) => forbidden.includes(roomOf(edge.split(' → ')[1] ?? '')));
    expect(wrong).toEqual([]);
  });

  it('leaves the process to the command line', () => {
    const touching = files
      .filter((file) => roomOf(file) !== 'cli' && file !== 'cli.ts')
      .filter((file) =>
        /process\.(env|argv|exit|stdout|stderr)/.test(readFileSync(join(source, file), 'utf8')),
      );
    expect(touching).toEqual([]);
  });

  it('starts the command line without AWS’s libraries, which load when they are wanted', () => {
    const reached = new Set(['cli/report.ts']);
    const loaded: string[] = [];
    for (const file of reached) {
      for (const [, path = ''] of readFileSync(join(source, file), 'utf8').matchAll(LOADED_AT_ONCE)) {
        if (path.startsWith('.')) reached.add(relative(source, join(source, file, '..', path)));
        else if (/^@(aws-sdk|smithy)\//.test(path)) loaded.push(`${file} → ${path}`);
      }
    }
    expect(reached).toContain('prometheus-source.ts');
    expect(loaded).toEqual([]);
  });

  it('leaves the clock out of assess and render', () => {
    const reading = files
      .filter((file) => ['assess', 'render'].includes(roomOf(file)))
      .filter((file) => /Date\.now\(\)|new Date\(\)/.test(readFileSync(join(source, file), 'utf8')));
    expect(reading).toEqual([]);
  });

  it('keeps files readable: none much beyond 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 330);
    expect(long).toEqual([]);
  });
});
