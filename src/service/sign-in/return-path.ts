/** In characters. Each tab that signs in has such a path in a cookie, and browsers send all cookies at once. */
const LONGEST_PATH = 500;

/** Of this service only; the host does not matter, as it is compared with itself. */
const HERE = 'https://here.invalid';

/** Where people begin who asked for nothing that they could return to. */
export const startPath = (basePath: string): string => `${basePath}/`;

/**
 * Returns the path to which a person returns after signing in: the wanted one if it is a path of this service, else that
 * of the list. Anything else would let a link to this service lead to another site.
 */
export function returnPath(wanted: string | undefined, basePath: string): string {
  return readPath(wanted ?? '', basePath) ?? startPath(basePath);
}

function readPath(wanted: string, basePath: string): string | null {
  // Browsers read "\" as "/", and drop tabs and line breaks.
  if (wanted.length > LONGEST_PATH || !/^\/[\x21-\x7e]*$/.test(wanted) || wanted.includes('\\')) return null;
  const url = URL.canParse(wanted, HERE) ? new URL(wanted, HERE) : null;
  if (url === null || url.origin !== HERE) return null;
  const { pathname, search } = url;
  // Without its "." and ".." a path can begin with "//", which is another host, or leave the base path.
  if (pathname.startsWith('//') || (basePath !== '' && !pathname.startsWith(`${basePath}/`))) return null;
  // Signing in again after signing in, or signing out, would not be what anybody wants.
  return /^\/sign-(?:in|out)(?:\/|$)/.test(pathname.slice(basePath.length)) ? null : `${pathname}${search}`;
}
