/** Shorter secrets would hide parts of ordinary words. */
const SHORTEST = 4;

/**
 * Returns a text without secrets, since servers repeat what they received: in the form that was sent, or in another one.
 * @param secrets passwords, tokens and values of headers, such as "Bearer …" and "Basic …"
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(partsOf)
    .filter((part) => part.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .flatMap(inPieces)
    .reduce((hidden, piece) => hidden.replace(patternOf(piece), '***'), text)
    .replace(/(?:\*\*\*)+/g, '***');
}

/** Characters of a secret that are searched at once: JavaScript refuses to compile very long expressions. */
const PIECE_LENGTH = 200;

/** Returns a secret in pieces of about the same length. */
function inPieces(secret: string): string[] {
  const count = Math.max(1, Math.floor(secret.length / PIECE_LENGTH));
  const start = (piece: number) => Math.floor((piece * secret.length) / count);
  return Array.from({ length: count }, (_, piece) => secret.slice(start(piece), start(piece + 1)));
}

/** Returns the secrets that the value of a header contains. The name of a usual scheme is none. */
function partsOf(secret: string): string[] {
  const [, scheme = '', credentials = secret] = /^([\w-]+) (.+)$/.exec(secret) ?? [];
  if (/^basic$/i.test(scheme)) return [credentials, ...decodeBasic(credentials)];
  return /^bearer$/i.test(scheme) ? [credentials] : [secret, credentials];
}

/** Returns the user name with its password, and the password, of an Authorization header (RFC 7617). */
function decodeBasic(credentials: string): string[] {
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? [] : [pair, pair.slice(colon + 1)];
}

/** More than the secrets of one server. Signed requests have a new one each time. */
const MOST_PATTERNS = 100;
const patterns = new Map<string, RegExp>();

/** A server may repeat the same secrets in thousands of warnings. */
function patternOf(text: string): RegExp {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  if (patterns.size >= MOST_PATTERNS) patterns.clear();
  const pattern = buildPattern(text);
  patterns.set(text, pattern);
  return pattern;
}

/** Returns an expression that matches a text in all forms in which JSON, HTML, addresses and logs have it. */
function buildPattern(text: string): RegExp {
  const bytes = Buffer.from(text);
  const escaped = [...text].map(escapedForms).join('');
  return new RegExp([escaped, ...base64Forms(bytes), bytes.toString('hex')].join('|'), 'gi');
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** Returns an expression for a character as it is, with a backslash, in an address, as in JSON, and as in HTML. */
function escapedForms(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  const name = Object.hasOwn(NAMED_ENTITIES, character) ? [NAMED_ENTITIES[character]] : [];
  const forms = [
    `\\\\*${literal(character)}`,
    [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join(''),
    units.map((unit) => `\\\\+u${hex(unit, 4)}`).join(''),
    `&(?:amp;)*(?:#0*${code}|#x0*${hex(code, 1)}${name.map((one) => `|${one}`).join('')});`,
    ...(character === ' ' ? ['\\+'] : []),
  ];
  return `(?:${forms.join('|')})`;
}

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');

const literal = (text: string) => text.replace(/[\\^$.|?*+()[\]{}/-]/g, '\\$&');

/** Shorter parts of base64 would hide parts of ordinary words. */
const SHORTEST_BASE64 = 8;

/**
 * Returns what base64 has of the bytes, also if others precede and follow them: whole groups of six bits do not depend on
 * their neighbours.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const inside = [1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(before + 1, -1),
  );
  return [whole, whole.slice(0, -1), ...inside]
    .filter((form, index) => index === 0 || form.length >= SHORTEST_BASE64)
    .map((form) => `${form.replaceAll('+', '[+-]').replaceAll('/', '[/_]')}={0,2}`);
}
