import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import subsetFont from 'subset-font';
import { UserError } from '../../model/user-error.ts';
import { assetPath } from './assets.ts';

/**
 * The typefaces of the report, cut down to the characters that it uses and written into its stylesheet.
 *
 * Chromium writes a font into a PDF as TrueType only when it is a static TrueType font whose glyphs it fills as they
 * are. It falls back to Type 3 (every glyph a drawing; bigger, unhinted) for variable fonts, for CFF outlines, for a
 * bold that it has to make up because no face has the weight, and for the outline of stroked text. So: static TTFs, a
 * real face per weight, and no synthesis. Why these files: docs/decisions/0003-fonts.md.
 */

interface Face {
  readonly name: string;
  readonly family: 'Report Sans' | 'Report Mono';
  readonly weight: 400 | 600;
  /** Package and path; deploy/aws/bundle.ts takes it along. */
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

/** Every file that a page can need. */
export const FONT_FILES: readonly string[] = [...LATIN, ...CHINESE, MONO].map(({ file }) => file);

/** In Chinese text these are Chinese punctuation, as wide as a character; Plex has them in their Latin width. */
const SHARED_PUNCTUATION = new Set('“”‘’—…');

/** Always embedded, so that reports with nearly the same text share the cached subsets of the Latin faces. */
const ASCII = String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index));

/**
 * Kerning and accents. No ligatures (an `fi` in the middle of a metric's name reads badly and is hard to search) and
 * no alternates, which double the size. The digits of both Plex faces are tabular as they are.
 */
const KEEP_FEATURES = ['kern', 'mark', 'mkmk', 'ccmp', 'locl'];

/**
 * The `@font-face` rules for a page: 'Report Sans' in 400 and 600, with Chinese only where the text has any, and
 * 'Report Mono' in 400. Write stacks as `'Report Mono', 'Report Sans', monospace`: Mono itself has no Chinese.
 *
 * `text` is the page's whole HTML or just its characters, with those of the PDF's header and footer; of characters
 * written as entities or CSS escapes it knows nothing. What no typeface here has falls back to the system's fonts.
 */
export async function embedFonts(text: string): Promise<string> {
  const used = [...new Set(ASCII + text)].sort();
  const inSans = await coverageOf(LATIN[0]);
  const chinesePage = /\p{Script=Han}/u.test(text);
  const latin = used.filter(
    (character) => inSans(character) && !(chinesePage && SHARED_PUNCTUATION.has(character)),
  );

  const others = used.filter((character) => character > '\u00a0' && !latin.includes(character));
  // Not asked before it is needed: Noto's files have 10 MB each.
  const inNoto = others.length > 0 ? await coverageOf(CHINESE[0]) : () => false;
  const chinese = others.filter(inNoto);

  const latinRange = chinese.length > 0 ? unicodeRange(latin) : undefined;
  const rules = await Promise.all([
    // The Latin faces come last: of two faces for a character CSS takes the later one.
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

/** Sorted characters as the value of `unicode-range`. */
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

/** WOFF, not WOFF2: a third larger, but made in a tenth of the time; the PDF comes out the same. */
function subset(face: Face, characters: string): Promise<string> {
  const key = `${face.name} ${characters}`;
  const known = subsets.get(key);
  if (known) return known;
  // A variable, as the types of subset-font do not know keepFeatures.
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

/** Keeps a promise for the next caller; a failed one is forgotten, so that the next caller tries again. */
function remember<T>(kept: Map<string, Promise<T>>, key: string, promise: Promise<T>): Promise<T> {
  kept.set(key, promise);
  promise.catch(() => kept.delete(key));
  return promise;
}

/** Which characters a TrueType font has, from its `cmap` table: format 12, or format 4 where there is no other. */
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

/** Groups of code points with consecutive glyphs. */
function inFormat12(font: Buffer, table: number, code: number): boolean {
  const count = font.readUInt32BE(table + 12);
  for (let group = table + 16; group < table + 16 + count * 12; group += 12) {
    if (code <= font.readUInt32BE(group + 4)) return code >= font.readUInt32BE(group);
  }
  return false;
}

/** Segments of code points, their glyphs by a delta or through an array, where glyph 0 stands for none. */
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
