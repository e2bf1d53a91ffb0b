import { Document } from 'yaml';
import { GENERATOR } from '../../generator.ts';
import type { Language } from '../../model/indicator.ts';
import type { Labels, Rules } from './model.ts';
import { RULE_WORDS } from './words.ts';

export type PrintRequest = {
  language: Language;
  /** For the note about ranges, such as "1m". */
  scrapeInterval: string;
  /** The metadata of a `PrometheusRule` object; absent for a file of Prometheus. */
  object?: { name: string; namespace: string; labels: Labels } | undefined;
};

/** Returns rules as YAML, with a note of what has no alert. */
export function printRules(rules: Rules, { language, scrapeInterval, object }: PrintRequest): string {
  const groups = { groups: rules.groups };
  const content =
    object === undefined
      ? groups
      : {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PrometheusRule',
          metadata: {
            name: object.name,
            namespace: object.namespace,
            ...(Object.keys(object.labels).length > 0 && { labels: object.labels }),
          },
          spec: groups,
        };
  // The same map in several rules would become an anchor and aliases.
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = commentOf(rules, language, scrapeInterval);
  return document.toString({ lineWidth: 0 });
}

function commentOf({ leftOut }: Rules, language: Language, scrapeInterval: string): string {
  const { header, windows, noAlert, leftOut: reasons, onlyInReports } = RULE_WORDS[language];
  const separator = language === 'en' ? ': ' : '：';
  return [
    ...header(GENERATOR.version),
    windows(scrapeInterval),
    noAlert,
    ...leftOut.map(({ id, reason }) => `- ${id}${separator}${reasons[reason]}`),
    ...onlyInReports.map((text) => `- ${text}`),
  ]
    .map((line) => ` ${line}`)
    .join('\n');
}
