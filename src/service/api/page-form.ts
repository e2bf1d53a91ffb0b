import { type Cluster, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { FormError, PageForm } from '../page-frame/form.ts';
import { pageAddress } from './addresses.ts';
import type { ApiRequest } from './http.ts';

/** What was sent by a form that was refused: what was chosen, as far as it is known, and what is wrong. */
export type FormState = { chosen: Partial<PageForm['chosen']>; error: FormError };

/** Whether a cluster is a capture, which has only one period. */
export function isRecorded({ name }: Pick<Cluster, 'name'>, config: Config): boolean {
  return settingsOf(config, name).prometheus.capture !== undefined;
}

/** Returns the form that requests a report of one of these clusters; null without clusters. */
export function pageForm(
  request: ApiRequest,
  config: Config,
  clusters: readonly Cluster[],
  state?: FormState,
): PageForm | null {
  const [first, ...others] = clusters;
  if (first === undefined) return null;
  const isOne = others.length === 0;
  return {
    action: pageAddress(request, '/reports'),
    clusters,
    hasPeriods: !isOne || !isRecorded(first, config),
    chosen: {
      cluster: first.key,
      period: 'day',
      language: isOne ? settingsOf(config, first.name).rendition.language : '',
      ...state?.chosen,
    },
    error: state?.error ?? null,
  };
}
