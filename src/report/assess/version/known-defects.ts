import type { AntreaImages, DefectOfVersion, RunningVersion, Upgrade } from '../../model/antrea-version.ts';
import type { KnownDefect } from '../../model/defect.ts';
import {
  complementOf,
  intersectRanges,
  isUnmodified,
  type ReleaseRange,
  rangeOf,
} from '../../model/releases.ts';
import type { Finding } from '../../model/report.ts';
import { explainedFindings, type Incident } from '../../model/report-analysis.ts';
import { toUnixSeconds } from '../../model/time.ts';

/** The coverage check that finds restarts. */
const RESTARTS = 'process-restarts';

/** Seconds after an upgrade in which its last Pod may still start: pulling the image takes minutes. Our choice. */
const STARTING_SECONDS = 900;

export type VersionFacts = {
  images: AntreaImages | undefined;
  /** The releases that the metrics allow; none: unknown. */
  possible: readonly ReleaseRange[];
};

type Certainty = 'certain' | 'possible' | 'none';

/** Returns the known defects that the version at the end of the period has, or may have. */
export function defectsOfVersion(defects: readonly KnownDefect[], facts: VersionFacts): DefectOfVersion[] {
  const atEnd = (facts.images?.versions ?? []).filter(({ podsAtEnd }) => podsAtEnd > 0);
  return select(defects, { versions: atEnd, possible: facts.possible });
}

/**
 * Adds to each incident the upgrade that explains its restarts, and the known defects that show in such findings. A
 * version that ran at any time of the period counts.
 * @param findings all findings of the report
 * @param stepSeconds the step of the images
 */
export function withVersions(
  incidents: readonly Incident[],
  findings: readonly Finding[],
  {
    defects,
    facts,
    stepSeconds,
  }: { defects: readonly KnownDefect[]; facts: VersionFacts; stepSeconds: number },
): Incident[] {
  const explained = explainedFindings(incidents);
  const upgrades = facts.images?.upgrades ?? [];
  return incidents.map((incident) => {
    // What another finding explains needs no explanation by a defect.
    const alarms = incident.findings.flatMap((index) =>
      explained.has(index) ? [] : (findings[index] ?? []),
    );
    const isExplainedBy = (one: Upgrade, finding: Finding) => explainsRestart(one, finding, stepSeconds);
    const upgrade = upgrades.findIndex((one) => alarms.some((finding) => isExplainedBy(one, finding)));
    const known = select(
      defects.filter((defect) =>
        alarms.some((finding) =>
          showsIn(
            defect,
            finding,
            upgrades.some((one) => isExplainedBy(one, finding)),
          ),
        ),
      ),
      { versions: facts.images?.versions ?? [], possible: facts.possible },
    );
    return {
      ...incident,
      ...(upgrade >= 0 ? { upgrade } : {}),
      ...(known.length > 0 ? { defects: known } : {}),
    };
  });
}

/** Whether each restart of a finding falls into the time of the upgrade. */
function explainsRestart({ component, start, end }: Upgrade, finding: Finding, stepSeconds: number): boolean {
  if (finding.indicator !== RESTARTS || finding.component !== component) return false;
  const from = toUnixSeconds(start) - stepSeconds;
  const until = end === null ? Number.POSITIVE_INFINITY : toUnixSeconds(end) + STARTING_SECONDS;
  return finding.episodes.every((episode) => {
    const at = toUnixSeconds(episode.start);
    return at >= from && at <= until;
  });
}

function showsIn(
  { indicators, component, followsRestart }: KnownDefect,
  finding: Finding,
  isUpgrade: boolean,
): boolean {
  if (!indicators.includes(finding.indicator)) return false;
  if (finding.component !== null && finding.component !== component) return false;
  return finding.indicator !== RESTARTS || !isUpgrade || followsRestart === true;
}

/** Returns the defects that the versions have, the certain ones first. */
function select(
  defects: readonly KnownDefect[],
  { versions, possible }: { versions: readonly RunningVersion[]; possible: readonly ReleaseRange[] },
): DefectOfVersion[] {
  const found = defects.flatMap(({ id, component, affected }): DefectOfVersion[] => {
    const certainty = certaintyOf(
      affected,
      versions.filter((version) => version.component === component),
      possible,
    );
    return certainty === 'none' ? [] : [{ id, certain: certainty === 'certain' }];
  });
  return [...found.filter(({ certain }) => certain), ...found.filter(({ certain }) => !certain)];
}

/**
 * Returns whether a defect is in each of the versions, or in each release that the metrics allow. A build that somebody
 * changed may have the fix.
 */
export function certaintyOf(
  affected: readonly ReleaseRange[],
  versions: readonly Pick<RunningVersion, 'tag' | 'release'>[],
  possible: readonly ReleaseRange[],
): Certainty {
  const ofMetrics = certaintyOfRanges(affected, possible);
  const each = versions.map(({ tag, release }): Certainty => {
    if (release === null) return ofMetrics;
    const certainty = certaintyOfRanges(affected, [rangeOf(release)]);
    return certainty === 'certain' && !isUnmodified(tag, release) ? 'possible' : certainty;
  });
  if (each.length === 0) return ofMetrics;
  if (each.every((one) => one === 'certain')) return 'certain';
  return each.every((one) => one === 'none') ? 'none' : 'possible';
}

function certaintyOfRanges(affected: readonly ReleaseRange[], possible: readonly ReleaseRange[]): Certainty {
  if (intersectRanges(affected, possible).length === 0) return 'none';
  return intersectRanges(possible, complementOf(affected)).length === 0 ? 'certain' : 'possible';
}
