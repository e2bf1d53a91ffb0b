import { describe, expect, test } from 'vitest';
import { COVERAGE_CHECKS } from '../../../../src/report/catalog/coverage/index.ts';
import { KNOWN_DEFECTS } from '../../../../src/report/catalog/defects/index.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import { compareReleases, intersectRanges, rangeOf } from '../../../../src/report/model/releases.ts';

const components = new Map<string, readonly string[]>([
  ...INDICATORS.map((indicator) => [indicator.id, indicator.components] as const),
  ...COVERAGE_CHECKS.map(({ id }) => [id, ['agent', 'controller']] as const),
]);

const codeIn = (text: string) => text.match(/`[^`]*`/g) ?? [];

test('every defect has a unique id', () => {
  const ids = KNOWN_DEFECTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
});

describe.each(KNOWN_DEFECTS.map((defect) => [defect.id, defect] as const))('%s', (_id, defect) => {
  test('names indicators and checks of its component', () => {
    for (const id of defect.indicators) expect(components.get(id), id).toContain(defect.component);
  });

  test('has ranges in order and without overlaps', () => {
    const bounds = defect.affected.flatMap(({ since, before }) => [since, before]);
    for (const [index, bound] of bounds.entries())
      if (index > 0) expect(compareReleases(bounds[index - 1] ?? '', bound)).toBeLessThan(0);
  });

  test('has texts with the same code in both languages, and titles without an end', () => {
    for (const text of [defect.title, defect.explanation, defect.workaround]) {
      expect(codeIn(text['zh-CN'])).toEqual(codeIn(text.en));
      for (const language of LANGUAGES) expect(text[language]).not.toBe('');
    }
    for (const language of LANGUAGES) {
      expect(defect.title[language]).not.toMatch(/[.。!?]$/);
      expect(defect.workaround[language]).toMatch(/[.。]$/);
    }
  });
});

/**
 * Which defects the code of a release tag has, as read from antrea-io/antrea: the faulty lines in the files that each fix
 * changes.
 */
const OF_RELEASES: Readonly<Record<string, readonly string[]>> = {
  '1.2.4': ['bundle-errors-not-counted', 'unusual-packet-crash'],
  '1.15.2': [
    ...['service-group-exists', 'bundle-errors-not-counted', 'stale-flows-crash', 'pod-addresses-freed'],
    ...['unusual-packet-crash', 'deleted-node-crash', 'group-cycle-crash', 'fqdn-tracking-unbounded'],
    'node-port-local-sockets',
  ],
  '2.3.0': [
    ...['service-group-exists', 'bundle-errors-not-counted', 'stale-flows-crash', 'pod-addresses-freed'],
    ...['unusual-packet-crash', 'bgp-secret-crash', 'deleted-node-crash', 'group-cycle-crash'],
    ...['fqdn-tracking-unbounded', 'node-port-local-sockets'],
  ],
  '2.4.3': [
    ...['service-group-exists', 'bundle-errors-not-counted', 'fqdn-cache-crash', 'stale-flows-crash'],
    ...['pod-addresses-freed', 'unusual-packet-crash', 'deleted-node-crash', 'group-cycle-crash'],
    ...['fqdn-tracking-unbounded', 'node-port-local-sockets'],
  ],
  '2.4.5': [
    ...['service-group-exists', 'bundle-errors-not-counted', 'stale-flows-crash', 'pod-addresses-freed'],
    ...['unusual-packet-crash', 'group-cycle-crash', 'fqdn-tracking-unbounded', 'node-port-local-sockets'],
  ],
  '2.5.0': [
    ...['service-sync-not-retried', 'service-group-exists', 'bundle-errors-not-counted'],
    ...['proxy-disabled-crash', 'fqdn-cache-crash', 'stale-flows-crash', 'pod-addresses-freed'],
    ...['unusual-packet-crash', 'group-cycle-crash', 'fqdn-tracking-unbounded', 'node-port-local-sockets'],
  ],
  '2.5.3': ['node-port-local-sockets'],
  '2.6.0': [
    ...['service-sync-not-retried', 'service-group-exists', 'bundle-errors-not-counted', 'stale-flows-crash'],
    ...['pod-addresses-freed', 'unusual-packet-crash', 'node-without-address-crash', 'group-cycle-crash'],
    ...['fqdn-tracking-unbounded', 'node-port-local-sockets'],
  ],
  '2.6.2': [
    ...['service-sync-not-retried', 'service-group-exists', 'bundle-errors-not-counted'],
    ...['pod-addresses-freed', 'unusual-packet-crash', 'group-cycle-crash', 'fqdn-tracking-unbounded'],
    'node-port-local-sockets',
  ],
  '2.6.3': ['node-port-local-sockets'],
  '2.7.0': [],
};

test.each(Object.entries(OF_RELEASES))('%s has the defects of its code', (release, expected) => {
  const found = KNOWN_DEFECTS.filter(
    ({ affected }) => intersectRanges(affected, [rangeOf(release)]).length > 0,
  );
  expect(found.map(({ id }) => id)).toEqual(expected);
});
