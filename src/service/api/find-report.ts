import { fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import { readState } from '../archive/claims.ts';
import type { ReportState } from '../archive/state.ts';
import type { Store } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import type { ApiContext } from './context.ts';
import type { ApiRequest } from './http.ts';
import { latestReport } from './latest.ts';
import { ProblemError } from './problem.ts';

export function notFound(detail = 'there is no such report'): ProblemError {
  return new ProblemError('not-found', detail);
}

/** Returns the id of the report that an address names; "latest" is one of these names. */
export async function idOf({ parameters }: ApiRequest, { store, config }: ApiContext): Promise<string> {
  const { cluster = '', id = '', file } = parameters;
  if (!/^[a-z0-9-]{1,60}$/.test(cluster)) throw notFound();
  if (id !== 'latest') {
    if (readStoredId(id)?.cluster !== cluster) throw notFound();
    return id;
  }
  const latest = await latestReport(
    store,
    config,
    cluster,
    OUTPUT_FORMATS.find((format) => file === fileName(format)),
  );
  if (latest === null) throw notFound('this cluster has no finished report');
  return latest.id;
}

export async function stateOf(id: string, store: Store): Promise<ReportState> {
  const known = await readState(store, id);
  if (known === null) throw notFound();
  return known.state;
}
