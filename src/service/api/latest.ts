import { clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { OutputFormat } from '../../report/formats.ts';
import { type ListedReport, listedReports } from '../archive/listing.ts';
import type { Store } from '../archive/store.ts';

/** Among this many reports some are of the regular schedule, even with many on-demand reports between them. */
const LOOKED_AT = 100;

/**
 * Returns a cluster's latest report: the one whose period ends last. Among reports that end at the same time it prefers
 * one that has the requested format, then the cluster's language, then the shortest period, which has the finest steps.
 * @param cluster the cluster's key
 */
export async function latestReport(
  store: Store,
  config: Config,
  cluster: string,
  format: OutputFormat | undefined,
): Promise<ListedReport | null> {
  const { reports } = await listedReports(store, cluster, { limit: LOOKED_AT });
  const name = clustersOf(config).find(({ key }) => key === cluster)?.name;
  const language = name === undefined ? undefined : settingsOf(config, name).rendition.language;
  const suitable = reports.filter(({ formats }) => format === undefined || formats.includes(format));
  const [latest] = suitable.length > 0 ? suitable : reports;
  if (!latest) return null;
  const [best = latest] = suitable
    .filter(({ period }) => period.end === latest.period.end)
    .sort(
      (a, b) =>
        Number(b.language === language) - Number(a.language === language) || lengthOf(a) - lengthOf(b),
    );
  return best;
}

const lengthOf = ({ period }: ListedReport): number => period.end - period.start;
