import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import type { ApiRequest } from './http.ts';

/** What the caller wants: a page or JSON, and in which language. */

/** Browsers prefer text/html; programs that accept anything get JSON. */
export function wantsHtml({ headers }: Pick<ApiRequest, 'headers'>): boolean {
  const accept = (headers['accept'] ?? '').toLowerCase();
  const html = accept.indexOf('text/html');
  const program = accept.indexOf('application/json');
  return html !== -1 && (program === -1 || html < program);
}

/** Returns the language of the first language tag that the request names, else English. */
export function languageOf({ query, headers }: Pick<ApiRequest, 'query' | 'headers'>): Language {
  const wanted = query['lang'] ?? headers['accept-language'] ?? '';
  const [tag] = wanted
    .trim()
    .toLowerCase()
    .split(/[^a-z]/, 1);
  return LANGUAGES.find((language) => language.split('-')[0] === tag) ?? 'en';
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

export const isJson = ({ headers }: Pick<ApiRequest, 'headers'>): boolean =>
  JSON_TYPE.test(headers['content-type'] ?? '');

export const isForm = ({ headers }: Pick<ApiRequest, 'headers'>): boolean =>
  FORM_TYPE.test(headers['content-type'] ?? '');
