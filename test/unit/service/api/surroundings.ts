import { parseConfig } from '../../../../src/config/file.ts';
import { schedulesOf } from '../../../../src/config/schedules.ts';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import { answer } from '../../../../src/service/api/api.ts';
import type { ApiContext } from '../../../../src/service/api/context.ts';
import type { ApiRequest, ApiResponse } from '../../../../src/service/api/http.ts';
import {
  claimReport,
  finishReport,
  readState,
  requestReport,
} from '../../../../src/service/archive/claims.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { jobEnding } from '../archive/surroundings.ts';

const CONFIG = `
timeZone: Europe/Berlin
prometheus: { url: "http://127.0.0.1:9" }
clusters:
  - name: prod-berlin
  - name: 生产 <b>
    timeZone: Asia/Shanghai
    language: zh-CN
    formats: [html]
`;

export type Api = {
  context: ApiContext;
  sent: Job[];
  errors: unknown[];
  ask(route: string, request?: Partial<ApiRequest>): Promise<ApiResponse>;
  /** Sends a body as JSON text. */
  post(body: unknown): Promise<ApiResponse>;
};

/** The API with a store in memory and a list as queue. */
export function openApi(now: string, config: string = CONFIG): Api {
  const file = parseConfig(config, 'test.yaml');
  const store = openMemoryStore();
  const sent: Job[] = [];
  const errors: unknown[] = [];
  const context: ApiContext = {
    config: file,
    schedules: file.file.schedules === undefined ? [] : schedulesOf(file.file),
    store,
    filesBy: 'link',
    send: async (job) => void sent.push(job),
    now: () => new Date(now),
    onError: (error) => errors.push(error),
  };
  const ask = (route: string, request: Partial<ApiRequest> = {}) =>
    answer(
      { route, parameters: {}, query: {}, headers: {}, body: undefined, basePath: '', ...request },
      context,
    );
  return {
    context,
    sent,
    errors,
    ask,
    post: (body) => ask('POST /reports', { body: JSON.stringify(body) }),
  };
}

/** Returns the id of such a report. */
export const idOf = (name: string, day: number) => `${clusterKey(name)}-202611${day}t230000z-0123abcd-en`;

/** Adds a report of a day in November 2026 with a file; that of the 21st is only requested. */
export async function addReport({ store, now }: ApiContext, name: string, day: number): Promise<void> {
  const job = jobEnding(`202611${day}t230000z`, { id: idOf(name, day), cluster: name });
  await requestReport(store, job, now());
  if (day === 21) return;
  const claim = await claimReport(store, job, { token: 'a', seconds: 60, now: now(), isRetried: false });
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
  const key = `reports/${clusterKey(name)}/2026/11/${day}/${job.id}/1/report.json`;
  await store.put(key, Buffer.from(JSON.stringify(name)), { contentType: 'application/json' });
  const files = [{ name: 'report.json', key, contentType: 'application/json', bytes: 2 }];
  const result = { verdict: 'healthy', score: 100, complete: true, critical: 0, warning: 0 } as const;
  await finishReport(store, claim.claimed, { files, missing: [], result }, now());
  const finished = await readState(store, job.id);
  if (finished) await listReport(store, finished.state);
}
