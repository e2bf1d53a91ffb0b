import * as z from 'zod';
import { differenceSchema } from '../../src/report/compare/difference.ts';
import { FORMATS, fileName, OUTPUT_FORMATS } from '../../src/report/formats.ts';
import { GENERATOR } from '../../src/report/generator.ts';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import { PROBLEMS, type ProblemType, problemUrn } from '../../src/service/api/problem.ts';
import { reportRequestSchema } from '../../src/service/api/report-request.ts';
import {
  listRepresentation,
  reportRepresentation,
  startRepresentation,
} from '../../src/service/api/representation.ts';
import { FORM_PERIODS } from '../../src/service/page-frame/form.ts';

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
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          ...HTML,
        },
      },
    ]),
  );
}

/** What browsers (Accept: text/html) get in the same cases. */
const HTML = { 'text/html': { schema: { type: 'string' } } };

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

const LANG = inQuery('lang', { type: 'string' }, 'language of the HTML page: en or zh-CN');

/** The parameters and responses of a list of finished reports. */
const LIST = {
  parameters: [
    inQuery(
      'limit',
      { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      'number of reports on a page',
    ),
    inQuery('after', { type: 'string' }, 'the value of `next` from the previous page'),
    LANG,
  ],
  responses: {
    ...GATEWAY,
    '200': { description: 'One page of the list', content: { ...content('ReportList'), ...HTML } },
  },
};

/** The body of the form on the pages. */
const formSchema = {
  type: 'object',
  properties: {
    cluster: { type: 'string', description: 'name or key of a cluster' },
    period: { enum: [...FORM_PERIODS], description: '24h: the last 24 hours' },
    language: { enum: ['', ...LANGUAGES], description: 'empty: that of the cluster' },
    again: { type: 'string', description: 'instead of the others: the id of a report that failed' },
  },
};

const PATHS = {
  '/': {
    get: {
      summary: 'Start here',
      description:
        'Returns an HTML page with the state of all clusters for browsers (Accept: text/html), and the addresses of the reports for programs.',
      parameters: [LANG],
      responses: {
        ...GATEWAY,
        '200': { description: 'All clusters', content: { ...content('Start'), ...HTML } },
        ...problems('internal-error'),
      },
    },
  },
  '/reports': {
    post: {
      summary: 'Request a report',
      description:
        'The same request always has the same report id. Repeating a request for a report that is in progress or ready starts nothing new; a failed report is tried again.',
      requestBody: {
        required: true,
        content: {
          ...content('ReportRequest'),
          'application/x-www-form-urlencoded': { schema: formSchema },
        },
      },
      responses: {
        ...GATEWAY,
        '200': { description: 'The report is ready', headers: LOCATION, content: content('Report') },
        '202': {
          description: 'The report is in progress',
          headers: { ...LOCATION, ...RETRY_AFTER },
          content: content('Report'),
        },
        '303': {
          description: 'To a form: the page of the report',
          headers: { location: { schema: { type: 'string' } } },
        },
        ...problems(
          'invalid-json',
          'cross-site',
          'body-too-large',
          'unsupported-media-type',
          'invalid-request',
          'unknown-cluster',
          'not-found',
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
        ...LIST.parameters,
      ],
      responses: { ...LIST.responses, ...problems('invalid-request', 'internal-error') },
    },
  },
  '/reports/{cluster}': {
    get: {
      summary: 'List the finished reports of a cluster',
      description:
        'As /reports with the cluster as parameter. The HTML page also has what is under way or failed, and the form that requests a report.',
      parameters: [cluster, ...LIST.parameters],
      responses: { ...LIST.responses, ...problems('invalid-request', 'not-found', 'internal-error') },
    },
  },
  '/reports/{cluster}/compare': {
    get: {
      summary: 'Compare two reports of a cluster',
      description:
        'Returns what `antrea-health diff` finds: an HTML page for browsers and JSON for programs.',
      parameters: [
        cluster,
        inQuery('first', { type: 'string' }, 'id of the first report; default: the one before the second'),
        inQuery('second', { type: 'string' }, 'id of the second report'),
        LANG,
      ],
      responses: {
        ...GATEWAY,
        '200': { description: 'The difference', content: { ...content('Difference'), ...HTML } },
        ...redirects('Without the first id: the comparison with the report before'),
        ...problems('not-comparable', 'internal-error'),
      },
    },
  },
  '/reports/{cluster}/{id}': {
    get: {
      summary: 'Get the state of a report',
      description:
        'Returns JSON for programs. For browsers (Accept: text/html), redirects to the HTML of a report that is ready, and otherwise returns a page, which refreshes itself while the report is under way.',
      parameters: [cluster, id, LANG],
      responses: {
        ...GATEWAY,
        '200': {
          description: 'Queued, running, ready or failed; retry-after only while it is in progress',
          headers: RETRY_AFTER,
          content: { ...content('Report'), ...HTML },
        },
        ...redirects('For “latest”: the latest finished report. For browsers: the HTML of the report'),
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
        '200': {
          description: 'The file. On AWS, this is the HTML only',
          content: Object.fromEntries(
            OUTPUT_FORMATS.map((format) => [FORMATS[format].contentType.split(';')[0], {}]),
          ),
        },
        ...redirects(
          'On AWS, for other files and for HTML that is too large for a response: a link that works for five minutes without authorization',
        ),
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
    Start: schemaOf(startRepresentation, 'output'),
    Difference: schemaOf(differenceSchema, 'output'),
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
        'Requests health reports of Antrea clusters, shows their state, lists, opens and compares them. To browsers it is the pages of the service. Every request needs authorization: an AWS SigV4 signature (service `execute-api`), a JWT from the issuer in the configuration, or the session of a person who signed in. A cluster that the caller may not see does not exist for the caller.',
    },
    security: [{ signature: [] }, { token: [] }, { session: [] }],
    paths: PATHS,
    components: COMPONENTS,
  };
}
