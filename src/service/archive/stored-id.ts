import { DEFAULT_FORMATS, OUTPUT_FORMATS, type OutputFormat, type Rendition } from '../../report/formats.ts';
import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import { PAGE_SIZES, type PageSize } from '../../report/model/rendition.ts';

/**
 * The id of a stored report: `{cluster}-{end}-{hash}-{language}[-{format}…][-letter]`. The first three parts are the id
 * of the report itself: the cluster's key, the end of the period in UTC (20261121t160000z), and a hash of period and
 * settings. Formats are named when they are not the default ones; `json`, which is always stored, only when it is alone.
 */
const [LANGUAGE_TAGS, FORMAT_TAGS] = [LANGUAGES, OUTPUT_FORMATS].map((all) => all.join('|').toLowerCase());
const PATTERN = new RegExp(
  `^(([a-z0-9-]{1,60})-(\\d{4})(\\d{2})(\\d{2})t(\\d{2})(\\d{2})(\\d{2})z-[0-9a-f]{8})-(${LANGUAGE_TAGS})((?:-(?:${FORMAT_TAGS}))*)(-letter)?$`,
);

/** Of an id, in characters: the parts before the formats take up to 90. */
const LONGEST = 160;

export type StoredIdParts = {
  /** The id of the report itself, which its renditions share. */
  report: string;
  /** The cluster's key. */
  cluster: string;
  /** Of the period, Unix seconds. */
  end: number;
  language: Language;
  /** The formats that were asked for, and JSON. */
  formats: OutputFormat[];
  pageSize: PageSize;
};

/** Returns the formats to store: those asked for, and JSON, from which every other format can be made again. */
export function storedFormats(wanted: readonly OutputFormat[]): OutputFormat[] {
  return OUTPUT_FORMATS.filter((format) => format === 'json' || wanted.includes(format));
}

/** @param reportId the id of the report itself */
export function storedIdOf(reportId: string, { language, formats, pageSize }: Rendition): string {
  return [
    reportId,
    language.toLowerCase(),
    ...formatTags(storedFormats(formats)),
    ...(pageSize === 'A4' ? [] : [pageSize.toLowerCase()]),
  ].join('-');
}

function formatTags(stored: readonly OutputFormat[]): OutputFormat[] {
  if (stored.join() === DEFAULT_FORMATS.join()) return [];
  return stored.length === 1 ? ['json'] : stored.filter((format) => format !== 'json');
}

/** Returns what an id says, or null for text that is no id. */
export function readStoredId(id: string): StoredIdParts | null {
  const parts = id.length <= LONGEST ? PATTERN.exec(id) : null;
  if (parts === null) return null;
  const [, report = '', cluster = '', year, month, day, hour, minute, second, tag, formats, letter] = parts;
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(instant);
  // There were no reports before 1970, and Date.parse() reads 30 February as 2 March.
  if (!(time > 0) || new Date(time).toISOString() !== instant) return null;
  const named = formats ? formats.slice(1).split('-') : DEFAULT_FORMATS;
  const read: StoredIdParts = {
    report,
    cluster,
    end: time / 1000,
    language: LANGUAGES.find((language) => language.toLowerCase() === tag) ?? 'en',
    formats: storedFormats(named as OutputFormat[]),
    pageSize: PAGE_SIZES.find((size) => letter === `-${size.toLowerCase()}`) ?? 'A4',
  };
  // Another order, or a format named twice, would be a second id of the same report.
  return storedIdOf(report, read) === id ? read : null;
}
