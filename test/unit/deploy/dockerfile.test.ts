import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../../package.json' with { type: 'json' };

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

type Instruction = { name: string; text: string };

/** Returns the instructions of a Dockerfile, without comments and with their lines joined. */
function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.split(' ');
      return { name, text: words.join(' ') };
    });
}

const instructions = instructionsOf(read('deploy/container/Dockerfile'));
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const named = (wanted: string) => lastStage.filter(({ name }) => name === wanted).map(({ text }) => text);

describe('the Dockerfile', () => {
  it('runs the program as a user that is a number and not root, with the group of volumes in Kubernetes', () => {
    const [user = '', ...others] = named('USER');
    expect(others).toEqual([]);
    expect(user).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    const { spec } = parse(read('deploy/kubernetes/components/volume/serve.yaml'));
    expect(user.split(':')[1]).toBe(String(spec.template.spec.securityContext.fsGroup));
  });

  it('starts it below tini, without a shell, and without a health check', () => {
    expect(named('ENTRYPOINT')).toEqual(['["tini", "--", "antrea-health"]']);
    expect(named('HEALTHCHECK')).toEqual([]);
  });

  it('is labelled with the version of the package', () => {
    const labels = named('LABEL').join(' ');
    expect(labels).toContain(`org.opencontainers.image.version="${packageJson.version}"`);
    expect(labels).toContain(`org.opencontainers.image.licenses="${packageJson.license}"`);
  });

  it('has a Node that can run the package, from images with a version, and downloads nothing by itself', () => {
    const images = instructions.filter(({ name }) => name === 'ARG').map(({ text }) => text);
    expect(images).toEqual(['NODE_IMAGE=node:24-bookworm-slim', 'BASE_IMAGE=debian:bookworm-slim']);
    expect(instructions.filter(({ name }) => name === 'ADD')).toEqual([]);
    expect(instructions.filter(({ text }) => /https?:|curl|wget/.test(text))).toEqual([]);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = [...read('deploy/container/Dockerfile.dockerignore').matchAll(/^!(\S+)$/gm)].map(
      ([, path]) => path,
    );
    const copied = instructions
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from='))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(new Set(copied.map((path) => path.split('/')[0]))).toEqual(new Set(allowed));
  });
});
