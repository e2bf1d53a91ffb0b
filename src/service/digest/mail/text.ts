import { domainToASCII } from 'node:url';

/** Makes text safe for headers and errors. It can hold names of clusters and nodes, which anybody may choose. */

/**
 * Returns text as one line of at most `longest` characters that reads the way it looks. It removes line ends, control
 * characters, marks that change the direction of writing (a name could show its end first), and encoded words of RFC
 * 2047, which would bring all of these back when a mail program decodes them.
 */
export function oneLine(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Z}\ufeff]+/gu, ' ')
    .replaceAll('=?', '= ?')
    .trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}

/** Returns text in quotation marks for an error, cut to 80 characters. */
export const quoted = (text: string): string => JSON.stringify(oneLine(text, 80));

/** RFC 5322 without quoted local parts, which hardly anybody has and few servers accept. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** RFC 5321, 4.5.3.1: 64 octets before the @; 256 for a path, which includes the two brackets around the address. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;

/**
 * Returns an address in the form for the envelope: ASCII, with the domain in lower case and in IDNA form; or null for
 * an invalid address. Neither SES nor most SMTP servers accept other characters before the @.
 */
export function toEnvelopeAddress(text: string): string | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domainText = text.slice(at + 1);
  // domainToASCII cuts off what it cannot parse, or takes it for an IP address.
  if (/[^a-z0-9.\u0080-\u{10ffff}-]/iu.test(domainText)) return null;
  const domain = domainToASCII(domainText);
  const address = `${local}@${domain}`;
  const isValid = LOCAL_PART.test(local) && local.length <= LONGEST_LOCAL_PART && DOMAIN.test(domain);
  return isValid && address.length <= LONGEST_ADDRESS ? address : null;
}
