import type { ProblemType } from '../api/problem.ts';

export const en = {
  problems: {
    'invalid-json': 'The body is not JSON.',
    'invalid-request': 'The request is invalid.',
    'unknown-cluster': 'There is no such cluster.',
    'body-too-large': 'The form is too large.',
    'unsupported-media-type': 'The service does not understand this request.',
    unauthenticated: 'The service does not know who you are.',
    'cross-site': 'The request came from the page of another site, so nothing was done.',
    'not-found': 'There is no such page or report.',
    'not-ready': 'The report is not ready.',
    'not-comparable': 'These two reports cannot be compared.',
    'temporarily-unavailable': 'The service cannot do this at the moment. Try again in a minute.',
    'internal-error': 'The service failed. Its log has the reason.',
  } satisfies Record<ProblemType, string>,
};
