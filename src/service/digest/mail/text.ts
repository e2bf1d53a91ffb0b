import { domainToASCII } from 'node:url';

/** What may stand in a header. Names of clusters and nodes end up there, and anybody may choose those. */

/**
 * Text as one line that reads the way it looks: without line ends, control characters, marks that turn the direction
 * of writing (a name could show its end first), and encoded words of RFC 2047, which would bring all of these back
 * when a mail program decodes them.
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

/** Of RFC 5322, without quoted names, which nobody has and few servers take. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** RFC 5321, 4.5.3.1: the part before the @, and the whole within the 256 of a path less its brackets. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;

/**
 * An address the way it goes over the wire: ASCII, a domain in small letters and IDNA's form; null if it is none.
 * Neither SES nor most SMTP servers take other letters before the @.
 */
export function toEnvelopeAddress(text: string): string | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const written = text.slice(at + 1);
  // What Node's function does not understand it cuts off or takes for an IP address.
  if (/[^a-z0-9.\u0080-\u{10ffff}-]/iu.test(written)) return null;
  const domain = domainToASCII(written);
  const address = `${local}@${domain}`;
  const isAddress = LOCAL_PART.test(local) && local.length <= LONGEST_LOCAL_PART && DOMAIN.test(domain);
  return isAddress && address.length <= LONGEST_ADDRESS ? address : null;
}
