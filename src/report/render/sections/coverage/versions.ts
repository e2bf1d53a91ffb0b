import type { RunningVersion } from '../../../model/antrea-version.ts';
import { COMPONENTS, type Component } from '../../../model/indicator.ts';
import { compareReleases } from '../../../model/releases.ts';
import { type DefectView, defectViews, versionName, versionsAtEnd } from '../../kit/antrea-version.ts';
import type { Context } from '../../kit/context.ts';
import { COVERAGE_WORDS } from './words.ts';

/** The place of the list of known defects, to which incidents link. */
export const KNOWN_DEFECTS_ID = 'known_defects';

/** The known defects of the version at the end. */
export type KnownDefectsView = {
  id: string;
  heading: string;
  /** The line of a list that is closed at first, because it is long. */
  summary: string;
  isOpen: boolean;
  defects: DefectView[];
};

/** More defects are closed at first. */
const OPEN_DEFECTS = 2;

/** Returns null without known defects. */
export function knownDefectsView(context: Context): KnownDefectsView | null {
  const defects = defectViews(context, context.report.antrea.defects);
  if (defects.length === 0) return null;
  const words = COVERAGE_WORDS[context.language];
  return {
    id: KNOWN_DEFECTS_ID,
    heading: words.knownDefects,
    summary: words.defects(defects.length),
    isOpen: defects.length <= OPEN_DEFECTS,
    defects,
  };
}

/** Returns which versions ran at the end and whether they fit together, or why that is unknown; empty if it was not asked. */
export function versionsText(context: Context): string {
  const { report, language, words: shared } = context;
  const words = COVERAGE_WORDS[language];
  const { imagesReason } = report.antrea;
  if (imagesReason !== undefined) return words.versionsUnknown(imagesReason);
  const versions = versionsAtEnd(report.antrea);
  if (versions.length === 0) return '';
  const ofComponent = (component: Component) => versions.filter((version) => version.component === component);
  const found = COMPONENTS.map((component) => ({ component, versions: ofComponent(component) }));
  const running = found
    .filter((one) => one.versions.length > 0)
    .map(({ component, versions: some }) =>
      words.versionsOf(
        component,
        some.map((version) => ({
          name: versionName(version) || shared.antrea.untagged,
          pods: version.podsAtEnd,
        })),
      ),
    );
  return [
    words.versions(running),
    ...skewSentences(context, ofComponent('agent'), ofComponent('controller')),
  ].join(shared.sentenceSpace);
}

/** Antrea's docs/versioning.md, "Antrea upgrade and supported version skew": no agent is newer than the controller. */
function skewSentences(
  { language }: Context,
  agents: readonly RunningVersion[],
  controllers: readonly RunningVersion[],
): string[] {
  const words = COVERAGE_WORDS[language];
  const names = (versions: readonly RunningVersion[]) => new Set(versions.map(versionName));
  const all = names([...agents, ...controllers]);
  if (all.size <= 1) return [];
  const isNewer = agents.some((agent) =>
    controllers.some(
      ({ release }) =>
        agent.release !== null && release !== null && compareReleases(agent.release, release) > 0,
    ),
  );
  return [
    names(agents).size > 1 ? words.agentsDiffer : words.componentsDiffer,
    ...(isNewer ? [words.agentsNewer] : []),
  ];
}
