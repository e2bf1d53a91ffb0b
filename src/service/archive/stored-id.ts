import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import {
  FORMATS,
  type OutputFormat,
  PAGE_SIZES,
  type PageSize,
  type Rendition,
} from '../../report/model/rendition.ts';

/**
 * The id of a stored report: `{cluster}-{end}-{hash}-{language}`, then `-html`, `-pdf` or `-json` where not all formats
 * were asked for, then `-letter` where the paper is not A4. The first three are the id of the report itself: the
 * cluster's key, the end of the period in UTC (20261121t160000z) and a hash of period and settings.
 */
const PATTERN =
  /^(([a-z0-9-]{1,60})-(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z-[0-9a-f]{8})-(en|zh-cn)(?:-(html|pdf|json))?(-letter)?$/;

const LONGEST = 120;

export type StoredIdParts = {
  /** The id of the report itself, which its renditions share. */
  report: string;
  /** The cluster's key. */
  cluster: string;
  /** Of the period, Unix seconds. */
  end: number;
  language: Language;
  /** What was asked for; JSON is always made. */
  formats: OutputFormat[];
  pageSize: PageSize;
};

/** The JSON is always stored, since everything else can be made from it again. */
export function storedFormats(wanted: readonly OutputFormat[]): OutputFormat[] {
  return FORMATS.filter((format) => format === 'json' || wanted.includes(format));
}

/** @param reportId of the report itself: what it is about */
export function storedIdOf(reportId: string, { language, formats, pageSize }: Rendition): string {
  const stored = storedFormats(formats);
  const [only = 'json'] = stored.filter((format) => format !== 'json');
  return [
    reportId,
    language.toLowerCase(),
    ...(stored.length < FORMATS.length ? [only] : []),
    ...(pageSize === 'A4' ? [] : [pageSize.toLowerCase()]),
  ].join('-');
}

/** What an id says; null for what is none, whatever it may look like. */
export function readStoredId(id: string): StoredIdParts | null {
  const parts = id.length <= LONGEST ? PATTERN.exec(id) : null;
  if (parts === null) return null;
  const [, report = '', cluster = '', year, month, day, hour, minute, second, tag, only, letter] = parts;
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(instant);
  // Before 1970 there were no reports; and Date.parse() takes 30 February for 2 March.
  if (!(time > 0) || new Date(time).toISOString() !== instant) return null;
  return {
    report,
    cluster,
    end: time / 1000,
    language: LANGUAGES.find((language) => language.toLowerCase() === tag) ?? 'en',
    formats: FORMATS.filter((format) => only === undefined || format === only || format === 'json'),
    pageSize: PAGE_SIZES.find((size) => letter === `-${size.toLowerCase()}`) ?? 'A4',
  };
}
