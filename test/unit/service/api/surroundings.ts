import { parseConfig } from '../../../../src/config/file.ts';
import { schedulesOf } from '../../../../src/config/schedules.ts';
import { answer } from '../../../../src/service/api/api.ts';
import type { ApiContext } from '../../../../src/service/api/context.ts';
import type { ApiRequest, ApiResponse } from '../../../../src/service/api/http.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';

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
