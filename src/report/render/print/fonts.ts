import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import subsetFont from 'subset-font';
import { UserError } from '../../model/user-error.ts';
import { assetPath } from './assets.ts';

/**
 * Embeds the typefaces of the report in its stylesheet, reduced to the characters that it uses.
 *
 * Chromium writes a font into a PDF as TrueType only if it is a static TrueType font whose glyphs are filled as they
 * are. For variable fonts, CFF outlines, synthesized bold and stroked text it falls back to Type 3, where every glyph is
 * a drawing, which is bigger and unhinted. So these are static TTFs with a real face per weight, and synthesis is off.
 * docs/decisions/0003-fonts.md explains the choice of files.
 */

interface Face {
  readonly name: string;
  readonly family: 'Report Sans' | 'Report Mono';
  readonly weight: 400 | 600;
  /** Package and path; deploy/aws/bundle.ts copies the file. */
  readonly file: string;
}

const LATIN = [
  {
    name: 'IBM Plex Sans Regular',
    family: 'Report Sans',
    weight: 400,
    file: '@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf',
  },
  {
    name: 'IBM Plex Sans SemiBold',
    family: 'Report Sans',
    weight: 600,
    file: '@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf',
  },
] as const satisfies Face[];

const CHINESE = [
  {
    name: 'Noto Sans SC Regular',
    family: 'Report Sans',
    weight: 400,
    file: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  },
  {
    name: 'Noto Sans SC SemiBold',
    family: 'Report Sans',
    weight: 600,
    file: '@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf',
  },
] as const satisfies Face[];

const MONO: Face = {
  name: 'IBM Plex Mono Regular',
  family: 'Report Mono',
  weight: 400,
  file: '@expo-google-fonts/ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf',
};

/** All files that a page may need. */
export const FONT_FILES: readonly string[] = [...LATIN, ...CHINESE, MONO].map(({ file }) => file);

/** Punctuation that Chinese text needs as wide as a character; Plex has it in Latin width. */
const SHARED_PUNCTUATION = new Set('“”‘’—…');

/** Always embedded, so that reports with similar texts share the cached subsets of the Latin faces. */
const ASCII = String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index));

/**
 * Font features to keep: kerning and accents. Ligatures are left out, because an `fi` within the name of a metric reads
 * badly and is hard to search; so are alternates, which double the size. Digits of both Plex faces are tabular anyway.
 */
const KEEP_FEATURES = ['kern', 'mark', 'mkmk', 'ccmp', 'locl'];

/**
 * Returns the `@font-face` rules for a page: 'Report Sans' in weights 400 and 600, with Chinese only where the text has
 * any, and 'Report Mono' in 400. Font stacks must be `'Report Mono', 'Report Sans', monospace`, because Mono has no
 * Chinese. Characters that no face has fall back to the fonts of the system.
 * @param text the HTML of the page or its characters, with those of header and footer of the PDF; characters written as
 *   entities or CSS escapes are not recognized
 * @throws UserError
 */
export async function embedFonts(text: string): Promise<string> {
  const used = [...new Set(ASCII + text)].sort();
  const inSans = await coverageOf(LATIN[0]);
  const chinesePage = /\p{Script=Han}/u.test(text);
  const latin = used.filter(
    (character) => inSans(character) && !(chinesePage && SHARED_PUNCTUATION.has(character)),
  );

  const others = used.filter((character) => character > '\u00a0' && !latin.includes(character));
  // Reads Noto's files, 10 MB each, only if they are needed.
  const inNoto = others.length > 0 ? await coverageOf(CHINESE[0]) : () => false;
  const chinese = others.filter(inNoto);

  const latinRange = chinese.length > 0 ? unicodeRange(latin) : undefined;
  const rules = await Promise.all([
    // The Latin faces come last, because CSS uses the last face that has a character.
    ...(chinese.length > 0 ? CHINESE.map((face) => fontFace(face, chinese)) : []),
    ...LATIN.map((face) => fontFace(face, latin, latinRange)),
    fontFace(MONO, used.filter(await coverageOf(MONO))),
  ]);
  return [...rules, ':root{font-synthesis:none}'].join('\n');
}

async function fontFace(face: Face, characters: readonly string[], range?: string): Promise<string> {
  const data = await subset(face, characters.join(''));
  return (
    `@font-face{font-family:'${face.family}';font-weight:${face.weight};` +
    `src:url(data:font/woff;base64,${data}) format('woff')${range ? `;unicode-range:${range}` : ''}}`
  );
}

/** Returns sorted characters as a value of `unicode-range`. */
function unicodeRange(characters: readonly string[]): string {
  const ranges: [number, number][] = [];
  for (const character of characters) {
    const code = codeOf(character);
    const last = ranges.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges
    .map(([from, to]) => `U+${from.toString(16)}${to > from ? `-${to.toString(16)}` : ''}`)
    .join(',');
}

const subsets = new Map<string, Promise<string>>();
const SUBSETS_KEPT = 32;

/** Makes WOFF rather than WOFF2, which is a third smaller but takes ten times as long; the PDF is the same. */
function subset(face: Face, characters: string): Promise<string> {
  const key = `${face.name} ${characters}`;
  const known = subsets.get(key);
  if (known) return known;
  // In a variable, because the types of subset-font lack keepFeatures.
  const options = { targetFormat: 'woff' as const, keepFeatures: KEEP_FEATURES };
  const made = load(face)
    .then((font) => subsetFont(font, characters, options))
    .then((font) => font.toString('base64'));
  remember(subsets, key, made);
  for (const oldest of subsets.keys()) {
    if (subsets.size <= SUBSETS_KEPT) break;
    subsets.delete(oldest);
  }
  return made;
}

const files = new Map<string, Promise<Buffer>>();

function load(face: Face): Promise<Buffer> {
  return files.get(face.name) ?? remember(files, face.name, read(face));
}

async function read(face: Face): Promise<Buffer> {
  try {
    return await readFile(assetPath(basename(face.file), () => import.meta.resolve(face.file)));
  } catch (error) {
    throw new UserError(
      `The font ${face.name} cannot be read; the program must be installed with its packages @expo-google-fonts/*`,
      { cause: error },
    );
  }
}

const coverages = new Map<string, Promise<(character: string) => boolean>>();

function coverageOf(face: Face): Promise<(character: string) => boolean> {
  return coverages.get(face.name) ?? remember(coverages, face.name, load(face).then(readCoverage));
}

/** Caches a promise, unless it fails. */
function remember<T>(kept: Map<string, Promise<T>>, key: string, promise: Promise<T>): Promise<T> {
  kept.set(key, promise);
  promise.catch(() => kept.delete(key));
  return promise;
}

/** Returns a test for the characters of a TrueType font, from format 12 of its `cmap` table or else from format 4. */
function readCoverage(font: Buffer): (character: string) => boolean {
  const cmap = tableOffset(font, 'cmap');
  const offsets = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => {
    return cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4);
  });
  const ofFormat = (format: number) => offsets.find((offset) => font.readUInt16BE(offset) === format);
  const full = ofFormat(12);
  const basic = ofFormat(4);
  if (full !== undefined) return (character) => inFormat12(font, full, codeOf(character));
  if (basic !== undefined) return (character) => inFormat4(font, basic, codeOf(character));
  throw new UserError('A font has no character map of format 4 or 12');
}

function tableOffset(font: Buffer, tag: string): number {
  for (let record = 12; record < 12 + font.readUInt16BE(4) * 16; record += 16) {
    if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new UserError(`A font has no ${tag} table`);
}

/** Format 12 has groups of code points with consecutive glyphs. */
function inFormat12(font: Buffer, table: number, code: number): boolean {
  const count = font.readUInt32BE(table + 12);
  for (let group = table + 16; group < table + 16 + count * 12; group += 12) {
    if (code <= font.readUInt32BE(group + 4)) return code >= font.readUInt32BE(group);
  }
  return false;
}

/** Format 4 has segments of code points, with glyphs by a delta or through an array. Glyph 0 means none. */
function inFormat4(font: Buffer, table: number, code: number): boolean {
  const bytes = font.readUInt16BE(table + 6);
  const [ends, starts, deltas, offsets] = [14, 16 + bytes, 16 + 2 * bytes, 16 + 3 * bytes].map(
    (offset) => table + offset,
  ) as [number, number, number, number];
  for (let segment = 0; segment < bytes; segment += 2) {
    if (code > font.readUInt16BE(ends + segment)) continue;
    const start = font.readUInt16BE(starts + segment);
    if (code < start) return false;
    const offset = font.readUInt16BE(offsets + segment);
    if (offset > 0) return font.readUInt16BE(offsets + segment + offset + 2 * (code - start)) !== 0;
    return ((code + font.readUInt16BE(deltas + segment)) & 0xffff) !== 0;
  }
  return false;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
