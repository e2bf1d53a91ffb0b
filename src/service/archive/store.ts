import { UserError } from '../../report/model/user-error.ts';

/**
 * The port for stores: whole objects under keys. Every store passes the tests in `test/contract/store.ts`.
 */

/** Put only where there is no object, or only over exactly that version. */
export type Condition = { absent: true } | { tag: string };

/** The headers with which a link to an object answers. */
export type ObjectKind = { contentType: string; contentDisposition?: string; cacheControl?: string };

export type StoredObject = { bytes: Uint8Array; tag: string; contentType: string };

export type ListOptions = {
  /** Leaves out all keys up to and including this one. It need not exist. */
  startAfter?: string | undefined;
  /** 1 to 1000; 1000 when absent. */
  limit?: number | undefined;
};

/** All functions except `close` reject with a StoreError. */
export type Store = {
  /**
   * Stores an object whole or not at all. Without a condition it replaces the object that is there.
   *
   * The response to a put can be lost after the object was stored. The store then retries and recognises its own
   * object, so that a lost response is not mistaken for a conflict. Two cases remain for the caller: null can also mean
   * that the object was stored and then replaced by another writer, and after a StoreError with `retry` the object may
   * or may not be there.
   *
   * @returns the object's tag, or null when the condition is not met (also when there is no object to replace). A tag
   * identifies the object's bytes: an opaque string, only to compare and to pass back. Equal bytes may have equal tags.
   */
  put(key: string, bytes: Uint8Array, kind: ObjectKind, condition?: Condition): Promise<string | null>;

  /** Returns the object, or null when there is none. */
  get(key: string): Promise<StoredObject | null>;

  /** Returns the keys with a prefix ('' for all) in byte order. `more`: others follow. */
  list(prefix: string, options?: ListOptions): Promise<{ keys: string[]; more: boolean }>;

  /**
   * Returns an address at which anyone can read the object for this many seconds (1 to 604 800). Does not check that
   * the object exists. A link to a bucket ends earlier when the session of the role that signed it ends.
   */
  link(key: string, seconds: number): Promise<string>;

  /** Closes connections. */
  close(): void | Promise<void>;
};

/** The store refused or cannot be reached. */
export class StoreError extends UserError {
  override readonly name = 'StoreError';

  constructor(message: string, options: { retry: boolean; cause?: unknown }) {
    super(message, options);
  }
}

/** Characters with the same meaning in a URL, on every file system and in a list of keys. */
const SEGMENT = /^[A-Za-z0-9._-]+$/;

/** S3's limit for a key, in bytes; https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;

/** What most file systems allow for one name, in bytes (NAME_MAX of ext4, XFS, APFS and NTFS). */
const LONGEST_SEGMENT = 255;

/** The limits of S3: keys in one response, and the validity of a signature (seven days, in seconds). */
const LONGEST_LIST = 1000;
const LONGEST_LINK = 604_800;

/**
 * Keys are paths of letters, digits, dots, underscores and hyphens, so that text from a request can leave neither its
 * prefix nor the folder.
 */
export function isKey(text: string): boolean {
  return text.length <= LONGEST_KEY && text.split('/').every(isSegment);
}

function isSegment(text: string): boolean {
  return SEGMENT.test(text) && text !== '.' && text !== '..' && text.length <= LONGEST_SEGMENT;
}

/** @throws StoreError when the text is not a key */
export function checkKey(key: string): void {
  if (!isKey(key)) refuse(`${quoted(key)} is not a key of the store`);
}

/** @throws StoreError when no key can begin with this */
export function checkPrefix(prefix: string): void {
  const [last = '', ...folders] = prefix.split('/').reverse();
  // The last segment may be cut off anywhere, and `.` or `..` may be the beginning of a name.
  if (last !== '' && (!SEGMENT.test(last) || prefix.length > LONGEST_KEY))
    refuse(`${quoted(prefix)} is not the beginning of a key of the store`);
  if (folders.length > 0) checkKey(folders.reverse().join('/'));
}

/**
 * Checks the arguments of `list`.
 * @returns the limit to list by
 * @throws StoreError when one of them is invalid
 */
export function checkList(prefix: string, options: ListOptions): number {
  const { limit = LONGEST_LIST, startAfter } = options;
  checkPrefix(prefix);
  if (startAfter !== undefined) checkPrefix(startAfter);
  if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_LIST)
    refuse(`the limit of a list is ${limit}; it must be 1 to ${LONGEST_LIST}`);
  return limit;
}

/** @throws StoreError when a link cannot be valid for this long */
export function checkLink(key: string, seconds: number): void {
  checkKey(key);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LINK)
    refuse(`a link is valid for ${seconds} seconds; it must be 1 to ${LONGEST_LINK}`);
}

function refuse(message: string): never {
  throw new StoreError(message, { retry: false });
}

/** Quotes text as JSON, so that the message stays on one line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
