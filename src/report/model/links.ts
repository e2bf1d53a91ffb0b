import * as z from 'zod';
import { oneLine } from './report-values.ts';

/**
 * Links from a report to other pages, such as Prometheus and Grafana. A template is an address with placeholders in
 * braces, as URI templates of level 1 have them (RFC 6570): values are percent-encoded.
 */

/** What the placeholders stand for. */
export type LinkValues = {
  cluster: string;
  indicator: string;
  /** Empty where a link is about more than one node or none. */
  node: string;
  /** PromQL. */
  query: string;
  /** Unix time in seconds. */
  start: number;
  end: number;
};

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** The placeholders, each with what it becomes. */
const PLACEHOLDERS = {
  cluster: ({ cluster }) => cluster,
  indicator: ({ indicator }) => indicator,
  node: ({ node }) => node,
  query: ({ query }) => query,
  /** For addresses that contain JSON, such as those of Grafana's Explore. */
  queryInJson: ({ query }) => JSON.stringify(query).slice(1, -1),
  start: ({ start }) => iso(start),
  end: ({ end }) => iso(end),
  startMilliseconds: ({ start }) => String(start * 1000),
  endMilliseconds: ({ end }) => String(end * 1000),
  seconds: ({ start, end }) => String(end - start),
} satisfies Record<string, (values: LinkValues) => string>;

type Placeholder = keyof typeof PLACEHOLDERS;
export const LINK_PLACEHOLDERS = Object.keys(PLACEHOLDERS) as Placeholder[];

const PLACEHOLDER = /\{([^{}]*)\}/g;

const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

/** Returns what is wrong with a template that may have the given placeholders; null when nothing is. */
export function linkProblem(template: string, allowed: readonly string[] = LINK_PLACEHOLDERS): string | null {
  const [, origin] = /^(https?:\/\/[^/?#]*)/i.exec(template) ?? [];
  if (origin === undefined) return 'is not an http or https address';
  if (/[{}]/.test(origin)) return 'has a placeholder in the name of the host';
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    return `has the unknown placeholder {${unknown}}; known: {${allowed.join('}, {')}}`;
  const address = template.replace(PLACEHOLDER, '');
  if (/[{}]/.test(address)) return 'has a brace without its partner; write braces themselves as %7B and %7D';
  if (/[\s\p{Cc}]/u.test(address) || !URL.canParse(address)) return 'is not an http or https address';
  const { username, password } = new URL(address);
  return username + password === '' ? null : 'contains a user name or password, which every reader would see';
}

const template = (allowed: readonly string[]) =>
  z
    .string()
    .max(2000)
    .check(({ value, issues }) => {
      const message = linkProblem(value, allowed);
      if (message !== null) issues.push({ code: 'custom', input: value, message });
    });

/** The page of the operator's team about an indicator: what to do when it needs attention. */
export const runbook = template(['indicator']);

export const link = z.strictObject({
  title: oneLine(40),
  url: template(LINK_PLACEHOLDERS).describe(
    `an address with placeholders: {${LINK_PLACEHOLDERS.join('}, {')}}`,
  ),
});
export type Link = z.infer<typeof link>;

/** Whether a link leads to different pages for different indicators. */
export function isAboutIndicators({ url }: Link): boolean {
  return /\{(?:indicator|query|queryInJson)\}/.test(url);
}

const NOTHING: LinkValues = { cluster: '', indicator: '', node: '', query: '', start: 0, end: 0 };

/** Returns the address of a link. */
export function fillLink(template: string, given: Partial<LinkValues>): string {
  const values = { ...NOTHING, ...given };
  return template.replace(PLACEHOLDER, (text, name: string) =>
    isPlaceholder(name) ? encode(PLACEHOLDERS[name](values)) : text,
  );
}

/** Encodes everything but the unreserved characters of RFC 3986, section 2.3. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
