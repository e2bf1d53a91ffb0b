import { beforeEach, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { claimReport, failReport, finishReport } from '../../../../src/service/archive/claims.ts';
import { MOST_ATTEMPTS } from '../../../../src/service/archive/state.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { type Api, openApi } from './surroundings.ts';

/** What callers rely on beyond the shape of responses, which openapi.test.ts checks. */

const NOW = new Date('2026-11-22T09:30:15Z');
const cluster = 'prod-berlin';
const SHOW = 'GET /reports/{cluster}/{id}';
const OPEN = 'GET /reports/{cluster}/{id}/{file}';

let api: Api;
beforeEach(() => {
  api = openApi(NOW.toISOString());
});

async function requested(): Promise<Job> {
  await api.post({ cluster, period: 'day' });
  const [job] = api.sent;
  if (!job) throw new Error('nothing was sent');
  return job;
}

/** Claims a report for five minutes, some minutes ago. */
async function claim(job: Job, minutesAgo = 0) {
  const now = new Date(NOW.getTime() - minutesAgo * 60_000);
  const outcome = await claimReport(api.context.store, job, {
    token: 'test',
    seconds: 300,
    now,
    isRetried: true,
  });
  if (outcome.outcome !== 'claimed') throw new Error(outcome.outcome);
  return outcome.claimed;
}

async function finish(job: Job): Promise<void> {
  const files = [
    { name: 'report.html', key: `${job.cluster}/report.html`, contentType: 'text/html', bytes: 3 },
    { name: 'report.pdf', key: `${job.cluster}/report.pdf`, contentType: 'application/pdf', bytes: 3 },
  ];
  for (const { key, contentType } of files)
    await api.context.store.put(key, Buffer.from('<p>'), { contentType });
  const result = { verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 };
  await finishReport(api.context.store, await claim(job), { files, missing: [], result }, NOW);
}

const show = async ({ id }: Job) => {
  const response = await api.ask(SHOW, { parameters: { cluster, id } });
  return { ...response, report: JSON.parse(response.body) };
};
const open = ({ id }: Job, file = 'report.html') => api.ask(OPEN, { parameters: { cluster, id, file } });

describe('a file of a report', () => {
  it('other than a page redirects to a link that is valid for five minutes and must not be cached', async () => {
    const job = await requested();
    await finish(job);
    const links: unknown[] = [];
    api.context.store = {
      ...api.context.store,
      link: async (...asked) => {
        links.push(asked);
        return 'https://bucket.invalid/signed';
      },
    };
    const { status, headers } = await open(job, 'report.pdf');
    expect(status).toBe(302);
    expect(headers['location']).toBe('https://bucket.invalid/signed');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(links).toEqual([[`${cluster}/report.pdf`, 300]]);
    expect((await open(job, 'report.csv')).status).toBe(404);
  });

  it.each(['content', 'link'] as const)(
    'is sent in a sandbox that allows the script of its page and no other, by %s',
    async (filesBy) => {
      const job = await requested();
      await finish(job);
      api.context.filesBy = filesBy;
      const { headers } = await open(job);
      const page = await renderHtml(sampleReport(), { language: 'en' });
      const [script] =
        /script-src [^;]+/.exec(page.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=')) ?? [];
      expect(headers['content-security-policy']).toBe(
        'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation ' +
          `allow-scripts; ${script}; frame-ancestors 'none'`,
      );
    },
  );
});

describe('a report whose worker was killed', () => {
  it('is queued again, with the reason', async () => {
    const job = await requested();
    await claim(job, 3);
    expect((await show(job)).report).toMatchObject({ state: 'running', reason: null });
    expect(JSON.parse((await open(job)).body).detail).toBe('the report is running');
    api.context.now = () => new Date(NOW.getTime() + 3 * 60_000);
    const { report, headers } = await show(job);
    expect(report).toMatchObject({ state: 'queued', reason: expect.stringContaining('attempt 1 of 3') });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const early = await open(job);
    expect(early.status).toBe(409);
    expect(JSON.parse(early.body).detail).toBe('the report is queued');
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('has failed after the last attempt, and is made again on request', async () => {
    const job = await requested();
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1)
      await failReport(api.context.store, await claim(job, 9), {
        reason: 'no answer',
        final: false,
        now: NOW,
      });
    await claim(job, 9);
    const { report, headers } = await show(job);
    expect(report.state).toBe('failed');
    expect(report.reason).toMatch(/attempt 3 of 3 ended without a result.*no answer/);
    expect(headers).not.toHaveProperty('retry-after');
    const gone = await open(job);
    expect(gone.status).toBe(404);
    expect(JSON.parse(gone.body).detail).toMatch(/without a result/);
    const again = await api.post({ cluster, period: 'day' });
    expect(again.status).toBe(202);
    expect(JSON.parse(again.body).state).toBe('queued');
    expect(api.sent).toHaveLength(2);
  });
});

describe('a job that the queue refuses', () => {
  const lost = (before: (job: Job) => Promise<unknown>) => {
    api.context.send = async (job) => {
      await before(job);
      throw new Error('no answer');
    };
    return api.post({ cluster, period: 'day' });
  };

  it.each([
    ['is being made', claim, 202, 'running'],
    ['is made', finish, 200, 'ready'],
  ])('counts as accepted when its report %s', async (_, before, status, state) => {
    const response = await lost(before);
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body)).toMatchObject({ state });
    expect(response.headers['location']).toMatch(/^\/reports\/prod-berlin\//);
    expect(api.errors).toEqual([]);
  });

  it('fails its report with the advice to try again later', async () => {
    let job: Job | undefined;
    const response = await lost(async (sent) => {
      job = sent;
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(api.errors).toHaveLength(1);
    if (!job) throw new Error('nothing was sent');
    expect((await show(job)).report).toMatchObject({
      state: 'failed',
      reason: 'its job could not be sent to the queue',
    });
  });
});

describe('the pointer to a fault', () => {
  // The examples of RFC 6901, section 6, and keys that are not well-formed Unicode.
  it.each([
    ['a/b', '#/a~1b'],
    ['c%d', '#/c%25d'],
    ['e^f', '#/e%5Ef'],
    ['g|h', '#/g%7Ch'],
    ['i\\j', '#/i%5Cj'],
    ['k"l', '#/k%22l'],
    [' ', '#/%20'],
    ['m~n', '#/m~0n'],
    ['~1', '#/~01'],
    ['报\r\n', '#/%E6%8A%A5%0D%0A'],
    ['\ud800', '#/%EF%BF%BD'],
  ])('is a JSON Pointer for the key %j', async (key, pointer) => {
    const response = await api.post({ cluster, [key]: 1 });
    expect(response.status).toBe(422);
    expect(JSON.parse(response.body).errors).toEqual([{ pointer, detail: 'is not known' }]);
  });
});
