import { parse } from 'parse5';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import type { ApiRequest, ApiResponse } from '../../../../src/service/api/http.ts';
import {
  claimReport,
  failReport,
  finishReport,
  type Versioned,
} from '../../../../src/service/archive/claims.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import type { ReportState } from '../../../../src/service/archive/state.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { textOf } from '../../report/render/elements.ts';
import type { Api } from './surroundings.ts';

/** A browser that uses the API, and workers that make or fail the reports that it requests. */

type Shown = ApiResponse & {
  /** What a reader sees, with single spaces. */
  text: string;
};

const TYPES = { html: 'text/html', json: 'application/json', pdf: 'application/pdf' };

export async function visit(api: Api, route: string, request: Partial<ApiRequest> = {}): Promise<Shown> {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...request.headers };
  const response = await api.ask(route, { ...request, headers });
  return { ...response, text: textOf(parse(response.body)).replace(/\s+/g, ' ') };
}

/** Sends the form of a page. */
export function submit(
  api: Api,
  fields: Record<string, string>,
  query: Record<string, string> = {},
): Promise<Shown> {
  return visit(api, 'POST /reports', {
    query,
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  });
}

/** Shows the page of a report. */
export function show(api: Api, { cluster, id }: Job, more: Partial<ApiRequest> = {}): Promise<Shown> {
  return visit(api, 'GET /reports/{cluster}/{id}', {
    parameters: { cluster: clusterKey(cluster), id },
    ...more,
  });
}

/** Requests a report of prod-berlin, of yesterday by default, and returns its job. */
export async function request(api: Api, body: Record<string, unknown> = {}): Promise<Job> {
  await api.post({ cluster: 'prod-berlin', period: 'day', ...body });
  const job = api.sent.at(-1);
  if (!job) throw new Error('nothing was sent');
  return job;
}

export async function claim(api: Api, job: Job): Promise<Versioned> {
  const claimed = await claimReport(api.context.store, job, {
    ...{ token: 'test', seconds: 300, isRetried: true },
    now: api.context.now(),
  });
  if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome);
  return claimed.claimed;
}

export async function fail(api: Api, job: Job, reason: string): Promise<void> {
  await failReport(api.context.store, await claim(api, job), {
    ...{ reason, final: true },
    now: api.context.now(),
  });
}

/** @param contents files that replace or join the HTML and the JSON of a report */
export async function finish(
  api: Api,
  job: Job,
  contents: Partial<Record<keyof typeof TYPES, Uint8Array>> = {},
  result: Partial<NonNullable<ReportState['result']>> = {},
): Promise<void> {
  const { store, now } = api.context;
  const document = Buffer.from(JSON.stringify(sampleReport({ cluster: job.cluster })));
  const files = Object.entries({ html: Buffer.from('<p>the report'), json: document, ...contents }).map(
    ([format, content]) => ({
      ...{ name: `report.${format}`, key: `test/${job.id}/report.${format}` },
      contentType: TYPES[format as keyof typeof TYPES],
      content,
    }),
  );
  for (const { key, contentType, content } of files) await store.put(key, content, { contentType });
  const made = {
    files: files.map(({ content, ...file }) => ({ ...file, bytes: content.length })),
    missing: [],
    result: {
      ...{ verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 },
      ...result,
    },
  };
  await listReport(store, await finishReport(store, await claim(api, job), made, now()));
}
