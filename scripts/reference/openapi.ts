import * as z from 'zod';
import { fileName, OUTPUT_FORMATS } from '../../src/report/formats.ts';
import { GENERATOR } from '../../src/report/generator.ts';
import { PROBLEMS, type ProblemType, problemUrn } from '../../src/service/api/problem.ts';
import { reportRequestSchema } from '../../src/service/api/report-request.ts';
import { listRepresentation, reportRepresentation } from '../../src/service/api/representation.ts';

/** docs/openapi.json: the HTTP API as test/unit/service/api/openapi.test.ts finds it. */

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};

const problemSchema = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail'],
  additionalProperties: false,
  properties: {
    type: { enum: (Object.keys(PROBLEMS) as ProblemType[]).map(problemUrn) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        additionalProperties: false,
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) into the body' },
          parameter: { type: 'string', description: 'name of a parameter of the address' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const content = (name: string) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});

const text = (description: string) => ({ description, schema: { type: 'string' } });
const LOCATION = { location: text('where the report is') };
const RETRY_AFTER = { 'retry-after': text('seconds until it is worth asking again') };

/** What the gateway itself answers, before the function is asked. Its bodies are `{"message": …}`. */
const GATEWAY = {
  '401': { description: 'No authorization, or one that is not accepted (JWT)' },
  '403': { description: 'No authorization, or one that is not accepted (IAM)' },
  '429': { description: 'Too many requests at once' },
};

const RETRIED: readonly number[] = [409, 503];

/** Responses by status; problems of the same status are one response. */
function problems(...types: ProblemType[]) {
  const byStatus = Map.groupBy(types, (type) => PROBLEMS[type].status);
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [
      status,
      {
        description: own.map((type) => PROBLEMS[type].title).join('; '),
        ...(RETRIED.includes(status) ? { headers: RETRY_AFTER } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

const redirects = (description: string) => ({
  '302': { description, headers: { location: { schema: { type: 'string' } } } },
});

const cluster = {
  name: 'cluster',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'its key: the name, where that is of small letters, digits and hyphens',
};
const id = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'a report’s id, or “latest”',
};
const file = {
  name: 'file',
  in: 'path',
  required: true,
  schema: { enum: OUTPUT_FORMATS.map(fileName) },
};
const inQuery = (name: string, schema: object, description: string) => ({
  name,
  in: 'query',
  schema,
  description,
});

export function openApiDocument(): unknown {
  return {
    openapi: '3.1.1',
    info: {
      title: 'antrea-health-report',
      version: GENERATOR.version,
      description:
        'Asks for health reports of Antrea clusters, follows how they come along, lists and opens them. Every request needs an authorization: a SigV4 signature of AWS (execute-api), or the JWT of the issuer that the configuration names.',
    },
    security: [{ signature: [] }, { token: [] }],
    paths: {
      '/reports': {
        post: {
          summary: 'Ask for a report',
          description:
            'The report’s id follows from what is asked for. Asking again for a report that is under way or ready starts nothing new; one that failed is tried again.',
          requestBody: { required: true, content: content('ReportRequest') },
          responses: {
            ...GATEWAY,
            '200': { description: 'It is ready', headers: LOCATION, content: content('Report') },
            '202': {
              description: 'It is on its way',
              headers: { ...LOCATION, ...RETRY_AFTER },
              content: content('Report'),
            },
            ...problems(
              'invalid-json',
              'body-too-large',
              'unsupported-media-type',
              'invalid-request',
              'unknown-cluster',
              'internal-error',
              'temporarily-unavailable',
            ),
          },
        },
        get: {
          summary: 'List finished reports',
          description: 'The latest first. A page for browsers (Accept: text/html), JSON for programs.',
          parameters: [
            inQuery('cluster', { type: 'string' }, 'name or key; all clusters when absent'),
            inQuery('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }, 'reports on a page'),
            inQuery('after', { type: 'string' }, 'from `next` of the page before'),
            inQuery('lang', { type: 'string' }, 'of the HTML page: en or zh-CN'),
          ],
          responses: {
            ...GATEWAY,
            '200': {
              description: 'A page of the list',
              content: { ...content('ReportList'), 'text/html': { schema: { type: 'string' } } },
            },
            ...problems('invalid-request', 'internal-error'),
          },
        },
      },
      '/reports/{cluster}/{id}': {
        get: {
          summary: 'How a report is coming along',
          parameters: [cluster, id],
          responses: {
            ...GATEWAY,
            '200': {
              description: 'Queued, running, ready or failed; retry-after only while it is under way',
              headers: RETRY_AFTER,
              content: content('Report'),
            },
            ...redirects('“latest”: to the latest finished report'),
            ...problems('not-found', 'internal-error'),
          },
        },
      },
      '/reports/{cluster}/{id}/{file}': {
        get: {
          summary: 'Open a report’s file',
          parameters: [cluster, id, file],
          responses: {
            ...GATEWAY,
            ...redirects('To a link that works for five minutes without further authorization'),
            ...problems('not-found', 'not-ready', 'internal-error'),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        signature: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4',
        },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      schemas: {
        ReportRequest: schemaOf(reportRequestSchema, 'input'),
        Report: schemaOf(reportRepresentation, 'output'),
        ReportList: schemaOf(listRepresentation, 'output'),
        Problem: problemSchema,
      },
    },
  };
}
