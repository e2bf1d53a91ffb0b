import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import type { ApiRequest } from './http.ts';

/** Returns the language of the first language tag that the request names, else English. */
export function languageOf({ query, headers }: Pick<ApiRequest, 'query' | 'headers'>): Language {
  const wanted = query['lang'] ?? headers['accept-language'] ?? '';
  const [tag] = wanted
    .trim()
    .toLowerCase()
    .split(/[^a-z]/, 1);
  return LANGUAGES.find((language) => language.split('-')[0] === tag) ?? 'en';
}
