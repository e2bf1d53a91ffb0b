import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../../src/config/clusters.ts';
import { parseConfig } from '../../src/config/file.ts';
import { reportSchema } from '../../src/report/model/report.ts';
import { readState } from '../../src/service/archive/claims.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import { MOST_DELIVERIES } from '../../src/service/archive/state.ts';
import { jobOf } from '../../src/service/jobs/jobs.ts';
import { simulatedDay } from '../simulation/scenarios.ts';
import { type Chromium, openChromium } from './chromium.ts';
import { type Deployment, deploy } from './deployment.ts';
import { prometheusOver } from './prometheus.ts';
import type { Server } from './server.ts';
import { type LocalSes, startSes } from './ses.ts';

const SCENARIO = simulatedDay('faulty');

/** The morning after the simulated day. */
const MORNING = '2026-11-21T06:00:00Z';

let prometheus: Server;
let service: Deployment;
let ses: LocalSes;
let chromium: Chromium;
let config: string;

beforeAll(async () => {
  prometheus = await prometheusOver(SCENARIO.simulation);
  config = `
prometheus: { url: "${prometheus.url}" }
clusters:
  - name: prod
  - name: 生产
    language: zh-CN
  - name: broken
    # Something that is no Prometheus.
    prometheus: { url: "${prometheus.url}/graph" }
  - name: duplicated
  - name: never
schedules:
  - { name: nightly, period: day, clusters: [prod, 生产] }
mail: { from: health@example.com, fromName: Antrea 健康报告 }
digests:
  - { name: operators, period: day, clusters: [prod, 生产, never], to: [noc@example.com, boss@example.com], language: zh-CN, attachPdf: true }
`;
  service = await deploy(config, { visibilitySeconds: 3, maxReceiveCount: MOST_DELIVERIES });
  ses = await startSes();
  process.env['AWS_ENDPOINT_URL_SESV2'] = ses.endpoint;
  process.env['API_ADDRESS'] = 'https://api.invalid/';
  chromium = await openChromium();
});
afterAll(async () => {
  await chromium?.close();
  await ses?.stop();
  await service?.stop();
  await prometheus?.stop();
});

const text = async (answer: Response) => new TextDecoder().decode(await answer.arrayBuffer());

describe('the service', () => {
  it('makes a report on a schedule, lists it, and opens it in a browser', async () => {
    await service.schedule('nightly', MORNING);
    // EventBridge Scheduler and SQS deliver at least once.
    await service.schedule('nightly', MORNING);
    const workers = service.startWorkers(2);
    await service.drain();
    await workers.stop();

    const list = JSON.parse((await service.request('GET', '/reports')).body ?? '');
    expect(
      list.reports.map(({ cluster, language }: Record<string, string>) => [cluster, language]).sort(),
    ).toEqual([
      ['prod', 'en'],
      ['生产', 'zh-CN'],
    ]);
    for (const { url, cluster, verdict, period, incidents } of list.reports) {
      expect(period).toEqual({ start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z' });
      expect(verdict).toBe('critical');
      // The slow syncs cause four findings, and the two restarts are one incident.
      expect(incidents).toEqual({ critical: 5, warning: 2 });
      const opened = await service.request('GET', `${url}/report.html`);
      expect(opened.statusCode).toBe(200);
      expect(opened.headers?.['content-type']).toBe('text/html; charset=utf-8');
      expect(opened.headers?.['content-disposition']).toMatch(/^inline; filename="[a-z0-9-]+\.html"$/);
      const html = Buffer.from(opened.body ?? '', opened.isBase64Encoded ? 'base64' : 'utf8');
      const seen = await chromium.look(html.toString('utf8'));
      expect(seen.text).toContain(cluster);
      expect(seen.text).toContain('worker-02');
      expect(seen.elements).toContain('SVG'.toLowerCase());
      const linked = await service.request('GET', `${url}/report.json`);
      const address = String(linked.headers?.['location']);
      expect(linked.statusCode).toBe(302);
      expect((await fetch(address)).headers.get('content-disposition')).toMatch(/^attachment; filename=/);
      // The link is valid for this file only.
      expect((await fetch(address.replace('report.json', 'report.html'))).status).toBe(403);
    }
    const page = await service.request('GET', '/reports', { accept: 'text/html' });
    const seen = await chromium.look(page.body ?? '');
    expect(seen.text).toContain('生产');
    expect(seen.requests).toEqual([]);
  });

  it('sends one digest even if its schedule is delivered several times', async () => {
    expect(await service.digest('operators', MORNING)).toBe('sent');
    expect(await service.digest('operators', MORNING)).toBe('sent-before');
    expect(ses.requests).toHaveLength(1);
    const [{ recipients, raw } = { recipients: [], raw: Buffer.alloc(0) }] = ses.requests;
    expect(recipients).toEqual(['noc@example.com', 'boss@example.com']);
    const message = await PostalMime.parse(raw);
    expect(message.from).toEqual({ address: 'health@example.com', name: 'Antrea 健康报告' });
    expect(message.subject).toBe('3 个集群全部需要处理 – 2026年11月20日');
    for (const part of [message.text, message.html])
      for (const name of ['prod', '生产', 'never']) expect(part).toContain(name);
    expect(message.html).toContain('https://api.invalid/reports/prod/prod-20261121t000000z-');
    const types = message.attachments.map(({ mimeType }) => mimeType);
    expect(types.filter((type) => type === 'application/pdf')).toHaveLength(2);
    for (const { mimeType, contentId = '', content } of message.attachments) {
      if (mimeType !== 'image/png') continue;
      expect(message.html).toContain(`cid:${contentId.slice(1, -1)}`);
      expect(
        Buffer.from(content as ArrayBuffer)
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    }
    // The message as a mail program without images shows it.
    const seen = await chromium.look(message.html ?? '');
    expect(seen.text).toContain('worker-02');
    expect(seen.requests.filter((address) => !address.startsWith('cid:'))).toEqual([]);
  });

  it('makes one report on demand and serves its PDF', async () => {
    const body = { cluster: 'prod', start: '2026-11-20T08:00', end: '2026-11-20T12:00' };
    const asked = await service.request('POST', '/reports', { body });
    expect(asked.statusCode).toBe(202);
    const path = String(asked.headers?.['location']);
    expect(JSON.parse((await service.request('GET', path)).body ?? '').state).toBe('queued');
    const again = await service.request('POST', '/reports', { body });
    expect(again.statusCode).toBe(202);
    const workers = service.startWorkers(1);
    const report = await service.follow(path);
    await service.drain();
    await workers.stop();
    expect(report).toMatchObject({ state: 'ready', verdict: 'critical', missing: [] });
    expect((await service.request('POST', '/reports', { body })).statusCode).toBe(200);

    const redirect = await service.request('GET', `${path}/report.pdf`);
    const pdf = await fetch(String(redirect.headers?.['location']));
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await pdf.arrayBuffer());
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(bytes.subarray(-6).toString('latin1')).toContain('%%EOF');

    const data = await service.request('GET', `${path}/report.json`);
    const made = reportSchema.parse(JSON.parse(await text(await fetch(String(data.headers?.['location'])))));
    expect(made.period.start).toBe('2026-11-20T08:00:00Z');
    // worker-02 has 246 Pods from 09:00 on.
    expect(made.findings).toContainEqual(
      expect.objectContaining({ indicator: 'local-pod-count', subject: 'worker-02', value: 246 }),
    );
    const latest = await service.request('GET', '/reports/prod/latest');
    expect(latest.headers?.['location']).toMatch(/^\/reports\/prod\/prod-20261121t000000z-/);
  });

  it('sends a job that keeps failing to the dead-letter queue with the reason', async () => {
    const body = { cluster: 'broken', start: '2026-11-20', end: '2026-11-21' };
    const asked = await service.request('POST', '/reports', { body });
    const path = String(asked.headers?.['location']);
    const workers = service.startWorkers(1);
    const report = await service.follow(path);
    await service.drain();
    await workers.stop();
    expect(report).toMatchObject({ state: 'failed', reason: expect.stringContaining('Prometheus') });
    const [letter] = await service.deadLetters();
    expect(letter?.reason).toBe(report['reason']);
    // The message can be sent back unchanged.
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({ version: 1, id: report['id'] });
    expect((await service.request('GET', `${path}/report.html`)).statusCode).toBe(404);
  });

  it('makes one report of a job that is delivered fifty times, ten at a time', async () => {
    const serviceConfig = parseConfig(config, 'test.yaml');
    const settings = settingsOf(serviceConfig, 'duplicated');
    const period = { start: Date.UTC(2026, 10, 20) / 1000, end: Date.UTC(2026, 10, 21) / 1000 };
    const rendition = {
      language: 'en' as const,
      formats: ['html', 'pdf', 'json'] as const,
      pageSize: 'A4' as const,
    };
    const job = jobOf({
      cluster: 'duplicated',
      settings: settings.report,
      period,
      rendition,
      trigger: 'test',
      now: new Date(),
    });
    const MessageBody = JSON.stringify(job);
    for (let batch = 0; batch < 5; batch += 1) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody }));
      await service.sqs.send(new SendMessageBatchCommand({ QueueUrl: service.queueUrl, Entries }));
    }
    const workers = service.startWorkers(10);
    await service.drain();
    await workers.stop();

    const { state } = (await readState(service.store, job.id)) ?? {};
    expect(state).toMatchObject({ state: 'ready', attempt: 1, missing: [] });
    const folder = state?.files[0]?.key.split('/').slice(0, -2).join('/') ?? '';
    const { keys } = await service.store.list(`${folder}/`);
    expect(keys.map((key) => key.slice(folder.length))).toEqual([
      '/1/report.html',
      '/1/report.json',
      '/1/report.pdf',
      '/state.json',
    ]);
    for (const { key, bytes } of state?.files ?? [])
      expect((await service.store.get(key))?.bytes.byteLength).toBe(bytes);
    expect((await listedReports(service.store, 'duplicated', { limit: 10 })).reports).toHaveLength(1);
    // Workers that found the report claimed are no failures: only the job of the broken cluster is a dead letter.
    expect((await service.deadLetters()).map(({ body }) => JSON.parse(body).cluster)).toEqual(['broken']);
  });
});
