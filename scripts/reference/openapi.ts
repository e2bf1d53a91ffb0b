import * as z from 'zod';
import { fileName, OUTPUT_FORMATS } from '../../src/report/formats.ts';
import { GENERATOR } from '../../src/report/generator.ts';
import { PROBLEMS, type ProblemType, problemUrn } from '../../src/service/api/problem.ts';
import { reportRequestSchema } from '../../src/service/api/report-request.ts';
import { listRepresentation, reportRepresentation } from '../../src/service/api/representation.ts';

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
          parameter: { type: 'string', description: 'name of a path or query parameter' },
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
const LOCATION = { location: text('path of the report') };
const RETRY_AFTER = { 'retry-after': text('seconds to wait before the next request') };

/** Responses of the gateway itself, which do not reach the function. Their bodies are `{"message": …}`. */
const GATEWAY = {
  '401': { description: 'Missing or invalid authorization (JWT)' },
  '403': { description: 'Missing or invalid authorization (IAM)' },
  '429': { description: 'Too many requests' },
};

/** Statuses of problems that pass by themselves. */
const TEMPORARY_STATUSES: readonly number[] = [409, 503];

/** Returns the responses by status. Problems with the same status share one response. */
function problems(...types: ProblemType[]) {
  const byStatus = Map.groupBy(types, (type) => PROBLEMS[type].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((type) => PROBLEMS[type].title).join('; '),
        ...(TEMPORARY_STATUSES.includes(status) ? { headers: RETRY_AFTER } : {}),
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
  description:
    'the key of the cluster; equal to its name if that has only lower-case letters, digits and hyphens',
};
const id = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'the id of a report, or “latest”',
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

const PATHS = {
  '/reports': {
    post: {
      summary: 'Request a report',
      description:
        'The same request always has the same report id. Repeating a request for a report that is in progress or ready starts nothing new; a failed report is tried again.',
      requestBody: { required: true, content: content('ReportRequest') },
      responses: {
        ...GATEWAY,
        '200': { description: 'The report is ready', headers: LOCATION, content: content('Report') },
        '202': {
          description: 'The report is in progress',
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
      description:
        'The latest report comes first. Returns an HTML page for browsers (Accept: text/html) and JSON for programs.',
      parameters: [
        inQuery('cluster', { type: 'string' }, 'name or key of a cluster; default: all clusters'),
        inQuery(
          'limit',
          { type: 'integer', minimum: 1, maximum: 200, default: 50 },
          'number of reports on a page',
        ),
        inQuery('after', { type: 'string' }, 'the value of `next` from the previous page'),
        inQuery('lang', { type: 'string' }, 'language of the HTML page: en or zh-CN'),
      ],
      responses: {
        ...GATEWAY,
        '200': {
          description: 'One page of the list',
          content: { ...content('ReportList'), 'text/html': { schema: { type: 'string' } } },
        },
        ...problems('invalid-request', 'internal-error'),
      },
    },
  },
  '/reports/{cluster}/{id}': {
    get: {
      summary: 'Get the state of a report',
      parameters: [cluster, id],
      responses: {
        ...GATEWAY,
        '200': {
          description: 'Queued, running, ready or failed; retry-after only while it is in progress',
          headers: RETRY_AFTER,
          content: content('Report'),
        },
        ...redirects('For “latest”: redirect to the latest finished report'),
        ...problems('not-found', 'internal-error'),
      },
    },
  },
  '/reports/{cluster}/{id}/{file}': {
    get: {
      summary: 'Open a file of a report',
      parameters: [cluster, id, file],
      responses: {
        ...GATEWAY,
        ...redirects('Redirect to a link that works for five minutes without authorization'),
        ...problems('not-found', 'not-ready', 'internal-error'),
      },
    },
  },
};

const COMPONENTS = {
  securitySchemes: {
    signature: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      description: 'AWS Signature Version 4',
    },
    token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    session: {
      type: 'apiKey',
      name: '__Host-antrea-health-session',
      in: 'cookie',
      description: 'The cookie of a person who signed in, where the configuration has signIn',
    },
  },
  schemas: {
    ReportRequest: schemaOf(reportRequestSchema, 'input'),
    Report: schemaOf(reportRepresentation, 'output'),
    ReportList: schemaOf(listRepresentation, 'output'),
    Problem: problemSchema,
  },
};

/** Returns docs/openapi.json. test/unit/service/api/openapi.test.ts compares the HTTP API with it. */
export function openApiDocument(): unknown {
  return {
    openapi: '3.1.1',
    info: {
      title: 'antrea-health-report',
      version: GENERATOR.version,
      description:
        'Requests health reports of Antrea clusters, shows their state, lists and opens them. Every request needs authorization: an AWS SigV4 signature (service `execute-api`), a JWT from the issuer in the configuration, or the session of a person who signed in. A cluster that the caller may not see does not exist for the caller.',
    },
    security: [{ signature: [] }, { token: [] }, { session: [] }],
    paths: PATHS,
    components: COMPONENTS,
  };
}
