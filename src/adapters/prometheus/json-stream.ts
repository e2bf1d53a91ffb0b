/**
 * Reads JSON while it arrives, in pieces that can be cut anywhere. It accepts exactly what `JSON.parse` accepts, except
 * for very deep values and very long tokens.
 */

/** The kind of a value that the walk can enter; `other` for one that it cannot. */
export type Kind = 'object' | 'array' | 'other';

/** What a walk through a document meets. `Place` says what a value is, such as "the labels of a series". */
export type Visitor<Place> = {
  root: Place;
  /** Returns the place of a member of the object at `place`. */
  member(place: Place, key: string): Place;
  /** Returns the place of the elements of the array at `place`. */
  element(place: Place): Place;
  /** Whether the values at this place are passed to `value` as text. The walk enters all others. */
  isWhole(place: Place): boolean;
  /** Takes the text of a whole value. The text may be invalid JSON, for which this must throw a SyntaxError. */
  value(place: Place, text: string): void;
  /** An object or array begins, or there is another value instead of it. */
  open(place: Place, kind: Kind): void;
  /** The object or array ends. */
  close(place: Place): void;
  /**
   * Reads some elements of the array at `place` from the bytes from `at` to `end`.
   * @returns the offset behind the last element that was read, before its comma; `at` if none was read
   */
  elements(place: Place, bytes: Uint8Array, at: number, end: number): number;
};

export type JsonStream = {
  /**
   * @throws SyntaxError if the document is not JSON
   * @throws RangeError if a value is too deep or a token is too long
   */
  push(chunk: Uint8Array): void;
  /** @throws SyntaxError if the document is incomplete */
  end(): void;
};

/** Levels of nesting. The answer of a query has six; a trace of VictoriaMetrics has a level for each of its calls. */
const MAX_DEPTH = 100;

/** Limit for a whole value, key or text in bytes. Label sets have some hundred bytes. */
const MAX_TOKEN_BYTES = 1024 ** 2;

/** There is only the beginning of a token so far. */
const INCOMPLETE = -1;

const code = (character: string) => character.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code('\\');
const COMMA = code(',');
const COLON = code(':');
const OPEN_ARRAY = code('[');
const CLOSE_ARRAY = code(']');
const OPEN_OBJECT = code('{');
const CLOSE_OBJECT = code('}');

/** What can come next. `first`: a first member or element, or the end of an empty object or array. */
type Step = 'value' | 'first' | 'key' | 'colon' | 'comma' | 'end';

export function createJsonStream<Place>(visitor: Visitor<Place>): JsonStream {
  const walk: Walk<Place> = { visitor, place: visitor.root, step: 'value', stack: [] };
  /** Its first bytes are those that are not read yet; the bytes after them have no meaning. */
  let buffer = Buffer.alloc(0);
  let filled = 0;
  /**
   * The number of bytes that are worth reading. It is twice the length of the token that was incomplete: otherwise, a
   * long token in many small chunks would be read from its start with each of them.
   */
  let wanted = 0;

  function push(chunk: Uint8Array): void {
    if (filled + chunk.length > buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (filled + chunk.length));
      larger.set(buffer.subarray(0, filled));
      buffer = larger;
    }
    buffer.set(chunk, filled);
    filled += chunk.length;
    if (filled < wanted) return;
    const read = readTokens(walk, { bytes: buffer, end: filled });
    buffer.copyWithin(0, read, filled);
    filled -= read;
    if (filled > MAX_TOKEN_BYTES) throw new RangeError('a token is too long');
    wanted = 2 * filled;
  }

  return {
    push,
    end() {
      wanted = 0;
      // Ends a number, which could otherwise have more digits.
      push(Buffer.from('\n'));
      if (filled > 0 || walk.step !== 'end') throw new SyntaxError('the document is incomplete');
    },
  };
}

/** Where reading is in the document. */
type Walk<Place> = {
  visitor: Visitor<Place>;
  step: Step;
  /** The place of the next value. */
  place: Place;
  /** The objects and arrays that have begun. */
  stack: { place: Place; isArray: boolean }[];
};

/** The bytes that can be read. */
type Input = { bytes: Buffer; end: number };

/** Reads all tokens that are complete. Returns the offset of the first byte that was not read. */
function readTokens<Place>(walk: Walk<Place>, input: Input): number {
  const { bytes, end } = input;
  let at = skipSpace(bytes, 0, end);
  while (at < end) {
    const behind = readToken(walk, input, at);
    if (behind === INCOMPLETE) return at;
    at = skipSpace(bytes, behind, end);
  }
  return at;
}

/** Reads one token. Returns the offset behind it, or INCOMPLETE. */
function readToken<Place>(walk: Walk<Place>, input: Input, at: number): number {
  const { step } = walk;
  if (step === 'value') return readValue(walk, input, at);
  if (step === 'key') return readKey(walk, input, at);
  const byte = input.bytes[at] as number;
  const top = walk.stack.at(-1);
  if (step === 'colon' && byte === COLON) walk.step = 'value';
  else if (step === 'comma' && byte === COMMA) expectNext(walk);
  else if (step === 'first' && byte !== CLOSE_ARRAY && byte !== CLOSE_OBJECT) {
    expectNext(walk);
    return at;
  } else if (step !== 'colon' && top && byte === (top.isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) {
    walk.stack.pop();
    walk.visitor.close(top.place);
    endValue(walk);
  } else throw unexpected();
  return at + 1;
}

function readValue<Place>(walk: Walk<Place>, { bytes, end }: Input, at: number): number {
  const { visitor, stack, place } = walk;
  const top = stack.at(-1);
  const behind = top?.isArray ? visitor.elements(top.place, bytes, at, end) : at;
  if (behind > at) {
    endValue(walk);
    return behind;
  }
  const byte = bytes[at];
  const isWhole = visitor.isWhole(place);
  if (!isWhole && (byte === OPEN_ARRAY || byte === OPEN_OBJECT)) {
    if (stack.length === MAX_DEPTH) throw new RangeError('a value is too deep');
    const isArray = byte === OPEN_ARRAY;
    stack.push({ place, isArray });
    walk.step = 'first';
    visitor.open(place, isArray ? 'array' : 'object');
    return at + 1;
  }
  const to = endOfValue(bytes, at, end);
  if (to === INCOMPLETE) return INCOMPLETE;
  const text = bytes.toString('utf8', at, to);
  if (isWhole) visitor.value(place, text);
  else {
    JSON.parse(text);
    visitor.open(place, 'other');
  }
  endValue(walk);
  return to;
}

function readKey<Place>(walk: Walk<Place>, { bytes, end }: Input, at: number): number {
  const top = walk.stack.at(-1);
  if (bytes[at] !== QUOTE || top === undefined) throw unexpected();
  const to = endOfValue(bytes, at, end);
  if (to === INCOMPLETE) return INCOMPLETE;
  walk.place = walk.visitor.member(top.place, JSON.parse(bytes.toString('utf8', at, to)) as string);
  walk.step = 'colon';
  return to;
}

/** Expects the next element of the innermost array, or the next key of the innermost object. */
function expectNext<Place>(walk: Walk<Place>): void {
  const top = walk.stack.at(-1);
  if (top?.isArray) walk.place = walk.visitor.element(top.place);
  walk.step = top?.isArray ? 'value' : 'key';
}

function endValue<Place>(walk: Walk<Place>): void {
  walk.step = walk.stack.length === 0 ? 'end' : 'comma';
}

const unexpected = () => new SyntaxError('a character is not expected at its place');

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(bytes[at] as number)) at += 1;
  return at;
}

/** Returns the offset behind the value at `at`, whose content may be invalid JSON; INCOMPLETE if it ends later. */
function endOfValue(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfText(bytes, at, end) - 1;
      if (at < from) return INCOMPLETE;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new RangeError('a value is too deep');
      continue;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1;
    else if (depth > 0) continue;
    else return endOfWord(bytes, at, end);
    if (depth <= 0) return at + 1;
  }
  return INCOMPLETE;
}

/** Returns the offset behind the closing quote of the text at `from`. */
function endOfText(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at += 1) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return INCOMPLETE;
}

/** Returns the offset behind a number or a literal such as `true`, which ends where something else begins. */
function endOfWord(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || isSpace(byte)) return at;
  }
  return INCOMPLETE;
}
