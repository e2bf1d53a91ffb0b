import { UserError } from '../../report/model/user-error.ts';

/**
 * Where reports are kept: whole objects under keys, in a bucket (`s3-store.ts`) or a folder (`folder-store.ts`).
 * Both pass the same suite, `test/contract/store.ts`.
 */

/** Put only where nothing is, or only over exactly that version. */
export type Condition = { absent: true } | { tag: string };

/** What a browser is told about an object when it follows a link to it. */
export type ObjectKind = { contentType: string; contentDisposition?: string; cacheControl?: string };

export type StoredObject = { bytes: Uint8Array; tag: string; contentType: string };

export type ListOptions = {
  /** Keys up to this one, itself included, are left out. It need not exist. */
  startAfter?: string;
  /** 1 to 1000; 1000 unless told. */
  limit?: number;
};

/** Every function but `close` rejects with a StoreError. */
export type Store = {
  /**
   * Stores an object whole or not at all; without a condition, over whatever is there.
   *
   * The answer to a put can get lost after the store has done the work. The store then tries again itself and
   * recognises its own object, so that it is not told off by its own success. Two things remain to the caller: null can
   * also mean that the object was stored and replaced by another writer before the second try, and after a StoreError
   * that says `retry` the object may or may not be there.
   *
   * @returns its tag, or null when the condition is not met (nothing is there to be replaced, also). A tag stands for
   * the object's bytes: an opaque string, to be compared and handed back only. Equal bytes may have equal tags.
   */
  put(key: string, bytes: Uint8Array, kind: ObjectKind, condition?: Condition): Promise<string | null>;

  /** @returns the object, or null when there is none */
  get(key: string): Promise<StoredObject | null>;

  /** Keys in byte order that begin with a prefix ('' for all). `more` says whether others follow. */
  list(prefix: string, options?: ListOptions): Promise<{ keys: string[]; more: boolean }>;

  /**
   * An address from which anybody who holds it can read the object for so many seconds (1 to 604 800). Whether the
   * object exists is not looked at. A bucket's link ends earlier when the session of the role that signed it does.
   */
  link(key: string, seconds: number): Promise<string>;

  /** Lets go of connections. */
  close(): void | Promise<void>;
};

/** The store refused or cannot be reached. */
export class StoreError extends UserError {
  override readonly name = 'StoreError';

  constructor(message: string, options: { retry: boolean; cause?: unknown }) {
    super(message, options);
  }
}

/** Characters that mean the same in an address, on every file system and in a list of keys. */
const SEGMENT = /^[A-Za-z0-9._-]+$/;

/** S3's own limit for a key, in bytes; https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;

/** What most file systems allow for one name, in bytes (NAME_MAX of ext4, XFS, APFS and NTFS). */
const LONGEST_SEGMENT = 255;

/** S3's answer holds no more keys, and a signature lasts no longer (seven days, in seconds). */
const LONGEST_LIST = 1000;
const LONGEST_LINK = 604_800;

/**
 * Keys are paths of letters, digits, dots, underscores and hyphens: what comes in with a request can leave neither its
 * prefix nor the folder.
 */
export function isKey(text: string): boolean {
  return text.length <= LONGEST_KEY && text.split('/').every(isSegment);
}

function isSegment(text: string): boolean {
  return SEGMENT.test(text) && text !== '.' && text !== '..' && text.length <= LONGEST_SEGMENT;
}

/** @throws StoreError when it is none */
export function checkKey(key: string): void {
  if (!isKey(key)) refuse(`${quoted(key)} is not a key of the store`);
}

/** @throws StoreError when no key could begin like this */
export function checkPrefix(prefix: string): void {
  const [last = '', ...folders] = prefix.split('/').reverse();
  // The last segment may be cut off anywhere, and `.` or `..` may be the beginning of a name.
  if (last !== '' && (!SEGMENT.test(last) || prefix.length > LONGEST_KEY))
    refuse(`${quoted(prefix)} begins no key of the store`);
  if (folders.length > 0) checkKey(folders.reverse().join('/'));
}

/**
 * @returns the limit to list by
 * @throws StoreError when the prefix or the options are not a list's
 */
export function checkList(prefix: string, options: ListOptions): number {
  const { limit = LONGEST_LIST, startAfter } = options;
  checkPrefix(prefix);
  if (startAfter !== undefined) checkPrefix(startAfter);
  if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_LIST)
    refuse(`a list of ${limit} keys was asked for; it is 1 to ${LONGEST_LIST}`);
  return limit;
}

/** @throws StoreError when no link lasts so long */
export function checkLink(key: string, seconds: number): void {
  checkKey(key);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LINK)
    refuse(`a link for ${seconds} seconds was asked for; it is 1 to ${LONGEST_LINK}`);
}

function refuse(message: string): never {
  throw new StoreError(message, { retry: false });
}

/** JSON's quotes keep line ends and control characters out of a message of one line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
