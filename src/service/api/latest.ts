import { clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { OutputFormat } from '../../report/formats.ts';
import { type ListedReport, listedReports } from '../archive/listing.ts';
import type { Store } from '../archive/store.ts';

/** Of a hundred reports some are always of the regular kind, however many were asked for in between. */
const LOOKED_AT = 100;

/**
 * What people mean by a cluster's latest report: the one whose period ends last. Of those that end together, one that
 * has the file that is wanted, in the cluster's own language, and then the one of the shortest period, whose
 * indicators are the finest.
 * @param cluster its key
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
