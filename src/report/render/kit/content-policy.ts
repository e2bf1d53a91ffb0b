import { createHash } from 'node:crypto';

/** Returns a Content-Security-Policy that allows no scripts, no requests and no styles but the given stylesheet. */
export function contentPolicy(styles: string): string {
  const hash = createHash('sha256').update(styles).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
