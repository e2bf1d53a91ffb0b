import type { Language } from '../../../../src/report/model/indicator.ts';
import { fail, finish, request, show, submit, visit } from './browser.ts';
import { openApi } from './surroundings.ts';

const CONFIG = `
timeZone: Europe/Berlin
prometheus: { url: "http://127.0.0.1:9" }
clusters:
  - name: prod-berlin
  - name: 生产 <b>
    timeZone: Asia/Shanghai
    language: zh-CN
schedules:
  - { name: daily, period: day, at: "06:00" }
`;

/** Returns every page of the service as HTML, with all that it can have. */
export async function samplePages(lang: Language): Promise<Record<string, string>> {
  const api = openApi('2026-11-22T09:30:15Z', CONFIG);
  const day = (end: number) =>
    request(api, { period: undefined, start: `2026-11-${end - 1}`, end: `2026-11-${end}` });
  const [first, second] = [await day(19), await day(20)];
  await finish(api, first);
  await finish(api, second, {}, { silenced: { critical: 1, warning: 1 } });
  const failed = await request(api);
  await fail(api, failed, 'Prometheus at https://prometheus.example.com does not answer');
  const queued = await request(api, { period: 'week' });
  const query = { lang };
  const parameters = { cluster: 'prod-berlin' };
  const both = { ...query, first: first.id, second: second.id };
  const pages = {
    start: await visit(api, 'GET /', { query }),
    'all reports': await visit(api, 'GET /reports', { query }),
    'a cluster': await visit(api, 'GET /reports/{cluster}', { query, parameters }),
    'a report under way': await show(api, queued, { query }),
    'a failed report': await show(api, failed, { query }),
    'a comparison': await visit(api, 'GET /reports/{cluster}/compare', { query: both, parameters }),
    'a wrong form': await submit(api, { cluster: 'prod-berlin', period: 'year' }, query),
    'a page that is not there': await visit(api, 'GET /nothing', { query }),
  };
  return Object.fromEntries(Object.entries(pages).map(([name, { body }]) => [name, body]));
}
