import type { AntreaVersion, DefectOfVersion, RunningVersion, Upgrade } from '../../model/antrea-version.ts';
import type { KnownDefect } from '../../model/defect.ts';
import type { Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import { intersectRanges, isUnmodified, rangeOf, releaseOf } from '../../model/releases.ts';
import type { Context } from './context.ts';
import { type Phrase, withCode } from './phrase.ts';

/** What a version is called: its release, or the tag of a build that is none: "v2.5.1-vendor.2", "latest". */
export function versionName({ tag, release }: Pick<RunningVersion, 'tag' | 'release'>): string {
  return release !== null && isUnmodified(tag, release) ? release : tag;
}

/** An upgrade with the names of its versions. */
export type UpgradeFacts = { component: Component; from: string; to: string; isFinished: boolean };

export function upgradeFacts({ words }: Pick<Context, 'words'>, upgrade: Upgrade): UpgradeFacts {
  const nameOf = (tag: string) => versionName({ tag, release: releaseOf(tag) }) || words.antrea.untagged;
  const { component, from, to, end } = upgrade;
  return { component, from: nameOf(from), to: nameOf(to), isFinished: end !== null };
}

/** Returns the versions that ran at the end of the period; none if the images are unknown. */
export function versionsAtEnd({ images }: AntreaVersion): readonly RunningVersion[] {
  return (images?.versions ?? []).filter(({ podsAtEnd }) => podsAtEnd > 0);
}

type Shown = Pick<Context, 'report' | 'words'>;

/** Returns the Antrea release in words, the newest first if there are several; null where it is unknown. */
export function antreaText({ report: { antrea }, words }: Shown): string | null {
  const exact = exactVersions(antrea);
  if (exact !== null) return words.list(exact);
  const { from, before } = antrea;
  if (from === null && before === null) return null;
  const until = from === null ? null : lastReleaseBefore(before);
  const first = before?.replace(/^(\d+\.\d+)\.0$/, '$1') ?? null;
  return words.antrea.range(from, until, first);
}

/** Returns what the text of the version is based on. */
export function antreaEvidence({ report: { antrea }, words }: Shown): string {
  return exactVersions(antrea) === null ? words.antrea.byMetrics : words.antrea.byImages;
}

/** Returns null if the images are unknown, or if one has no tag. */
function exactVersions(antrea: AntreaVersion): string[] | null {
  const names = [...new Set(versionsAtEnd(antrea).map(versionName))];
  return names.length === 0 || names.includes('') ? null : names.sort((a, b) => compareNames(b, a));
}

/** Returns "2.4" for 2.5.0 and "1.13.0" for 1.13.1; null for 2.0.0, because its predecessor does not follow from the number. */
function lastReleaseBefore(release: string | null): string | null {
  const [, major, minor, patch] = (release ?? '').match(/^(\d+)\.(\d+)\.(\d+)$/)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return null;
  if (patch > 0) return `${major}.${minor}.${patch - 1}`;
  return minor > 0 ? `${major}.${minor - 1}` : null;
}

/** One known defect of the version, as a report shows it. */
export type DefectView = {
  /** "Known defect of Antrea 2.5.1, fixed in 2.5.3 and 2.6.3". */
  heading: string;
  title: Phrase;
  explanation: Phrase;
  workaroundHeading: string;
  workaround: Phrase;
  link: { title: string; url: string };
};

/** Returns known defects; those that this version of the program does not know are left out. */
export function defectViews(context: Context, defects: readonly DefectOfVersion[] = []): DefectView[] {
  const { words, language } = context;
  return defects.flatMap(({ id, certain }) => {
    const defect = context.defects.get(id);
    if (defect === undefined) return [];
    const { pullRequest, title, explanation, workaround } = defect;
    return {
      heading: headingOf(context, defect, certain),
      title: withCode(title[language]),
      explanation: withCode(explanation[language]),
      workaroundHeading: `${words.antrea.workaround}${words.colon}`,
      workaround: withCode(workaround[language]),
      link: {
        title: `antrea-io/antrea#${pullRequest}`,
        url: `https://github.com/antrea-io/antrea/pull/${pullRequest}`,
      },
    };
  });
}

/** Returns the versions of the period that have the defect; none where only the metrics say something about it. */
function affectedVersions(
  { report }: Context,
  { component, affected }: KnownDefect,
): readonly RunningVersion[] {
  return (report.antrea.images?.versions ?? []).filter(
    (version) =>
      version.component === component &&
      version.release !== null &&
      intersectRanges(affected, [rangeOf(version.release)]).length > 0,
  );
}

function headingOf(context: Context, defect: KnownDefect, certain: boolean): string {
  const { words } = context;
  const versions = affectedVersions(context, defect);
  const isReleased = versions.some(({ tag, release }) => release !== null && isUnmodified(tag, release));
  const names = [...new Set(versions.map(versionName))].sort(compareNames);
  return words.antrea.knownDefect(
    names.length > 0 ? words.list(names) : (antreaText(context) ?? ''),
    words.list(defect.affected.map(({ before }) => before)),
    certain ? 'certain' : isReleased ? 'partial' : 'possible',
  );
}
