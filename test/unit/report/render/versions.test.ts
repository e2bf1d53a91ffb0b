import { describe, expect, it } from 'vitest';
import type { AntreaVersion, RunningVersion } from '../../../../src/report/model/antrea-version.ts';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { antreaText } from '../../../../src/report/render/kit/antrea-version.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { changesView } from '../../../../src/report/render/sections/changes/view.ts';
import { knownDefectsView, versionsText } from '../../../../src/report/render/sections/coverage/versions.ts';
import { incidentViews } from '../../../../src/report/render/sections/incidents/view.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const agents = (tag: string, podsAtEnd: number): RunningVersion => ({
  component: 'agent',
  tag,
  release: tag.replace(/^v/, ''),
  podsAtEnd,
});
const controller = (tag: string): RunningVersion => ({ ...agents(tag, 1), component: 'controller' });

const sample = sampleReport();
const { start, end } = sample.period;

function contextWith(changes: Partial<AntreaVersion>, language: Language = 'en') {
  const report: Report = { ...sample, antrea: { ...sample.antrea, ...changes } };
  return createContext(report, language);
}

const withVersions = (...versions: RunningVersion[]) => ({ images: { versions, upgrades: [] } });

describe('the version', () => {
  it('is that of the images at the end, the newest first', () => {
    const text = (...versions: RunningVersion[]) => antreaText(contextWith(withVersions(...versions)));
    expect(text(agents('v2.5.1', 12), controller('v2.5.1'), agents('v2.4.0', 0))).toBe('2.5.1');
    expect(text(agents('v2.9.0', 3), controller('v2.10.0'))).toBe('2.10.0 and 2.9.0');
    expect(text({ ...agents('v2.5.1-vendor.2', 3), release: '2.5.1' })).toBe('v2.5.1-vendor.2');
  });

  it('is that of the metrics without images, or if one has no tag', () => {
    const inferred = antreaText(contextWith({ from: '2.5.0', before: '2.7.0' }));
    expect(inferred).toBe('between 2.5.0 and 2.6');
    const untagged = withVersions({ ...agents('', 3), release: null });
    expect(antreaText(contextWith({ from: '2.5.0', before: '2.7.0', ...untagged }))).toBe(inferred);
  });

  it.each([
    [
      'en',
      'Antrea at the end, from the container images: agents 2.6.3 on 11 nodes and 2.6.1 on 1 node; controller 2.6.1. Not all agents have the same version. Antrea does not support agents that are newer than the controller.',
    ],
    [
      'zh-CN',
      '期末的 Antrea 版本（取自容器镜像）：Agent 2.6.3（11 个节点）、2.6.1（1 个节点）；Controller 2.6.1。各 Agent 的版本不一致。Antrea 不支持 Agent 的版本高于 Controller。',
    ],
  ] as const)('says in %s which versions do not fit together', (language, expected) => {
    const versions = withVersions(agents('v2.6.3', 11), agents('v2.6.1', 1), controller('v2.6.1'));
    expect(versionsText(contextWith(versions, language))).toBe(expected);
  });

  it('says that it is unknown if the query failed, and nothing if there was none', () => {
    const failed = contextWith({ imagesReason: 'it took too long' });
    expect(versionsText(failed)).toBe('The exact version of Antrea is unknown: it took too long.');
    expect(versionsText(contextWith({}))).toBe('');
  });
});

describe('known defects', () => {
  const versions = withVersions(agents('v2.5.1', 12), controller('v2.5.1'));
  const defect = { id: 'service-sync-not-retried', certain: true };

  it.each(LANGUAGES)('are listed in %s with the fixed releases, what helps, and a link', (language) => {
    const view = knownDefectsView(contextWith({ ...versions, defects: [defect] }, language));
    expect(view?.defects).toHaveLength(1);
    const [first] = view?.defects ?? [];
    expect(first?.heading).toMatch(
      language === 'en'
        ? /^Known defect of Antrea 2\.5\.1, fixed in 2\.5\.3 and 2\.6\.3$/
        : /^Antrea 2\.5\.1 的已知缺陷，已在 2\.5\.3.*2\.6\.3 修复$/,
    );
    expect(first?.link.url).toBe('https://github.com/antrea-io/antrea/pull/8206');
    expect(plain(first?.workaround ?? [])).not.toBe('');
  });

  it('are possible where that is not certain', () => {
    const possible = { ...defect, certain: false };
    const heading = (changes: Partial<AntreaVersion>) =>
      knownDefectsView(contextWith({ ...changes, defects: [possible] }))?.defects[0]?.heading;
    expect(heading({ from: '2.5.0', before: '2.7.0' })).toMatch(
      /^Antrea between 2\.5\.0 and 2\.6 may have a known defect/,
    );
    expect(heading({ from: null, before: null })).toMatch(/^This version of Antrea may have a known defect/);
  });

  it('are of the one version that has them while another ran, unless somebody changed the build', () => {
    const heading = (tag: string) =>
      knownDefectsView(
        contextWith({
          ...withVersions({ ...agents(tag, 3), release: '2.5.1' }, agents('v2.5.3', 9)),
          defects: [{ ...defect, certain: false }],
        }),
      )?.defects[0]?.heading;
    expect(heading('v2.5.1')).toMatch(/^Known defect of Antrea 2\.5\.1, which not all Pods run, fixed in/);
    expect(heading('v2.5.1-vendor.2')).toMatch(/^Antrea v2\.5\.1-vendor\.2 may have a known defect/);
  });

  it('are left out if this version of the program does not know them', () => {
    expect(knownDefectsView(contextWith({ defects: [{ id: 'a-later-one', certain: true }] }))).toBeNull();
  });
});

describe('an incident', () => {
  const upgrade = { component: 'agent', from: 'v2.5.1', to: 'v2.5.3', start, end } as const;
  const defects = ['pod-addresses-freed', 'unusual-packet-crash', 'fqdn-cache-crash'].map((id) => ({
    id,
    certain: true,
  }));
  const report: Report = {
    ...sample,
    antrea: {
      ...sample.antrea,
      images: { versions: [agents('v2.5.1', 12)], upgrades: [upgrade] },
      defects,
    },
    incidents: sample.incidents.map((one, index) => (index === 0 ? { ...one, upgrade: 0, defects } : one)),
  };

  it.each(LANGUAGES)(
    'shows in %s the upgrade and two defects, and where the others are',
    async (language) => {
      const [first, second] = incidentViews(createContext(report, language));
      expect(plain(first?.upgrade ?? [])).toMatch(/2\.5\.1.*2\.5\.3/);
      expect(first?.defects).toHaveLength(2);
      expect(second).toMatchObject({ upgrade: [], defects: [], moreDefects: null });
      const page = await renderHtml(report, { language });
      expect(page).toContain(`href="#${first?.moreDefects?.anchor}"`);
      expect(page).toContain(`id="${first?.moreDefects?.anchor}"`);
      expect(page.match(/class="known-defect"/g)).toHaveLength(2 + 3);
      expect(page).toContain(
        `<details class="fold known-defects" id="${first?.moreDefects?.anchor}"><summary>`,
      );
    },
  );

  it('is not the only place of an upgrade', () => {
    const lines = changesView(createContext(report, 'en'))?.lines ?? [];
    expect(lines.map(({ label, text }) => `${label}: ${plain(text)}`)).toContain(
      'Version: Agents from 2.5.1 to 2.5.3',
    );
  });
});
