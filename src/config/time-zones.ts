/**
 * Current IANA names of the time zones for which Node uses a former name. Node takes its names from ICU and CLDR, which
 * never change a name; the IANA database does. These are all entries of CLDR's common/bcp47/timezone.xml (version 48)
 * with an attribute `iana`, which is the name in IANA's zone.tab. Node itself resolves all other former names, such as
 * "US/Pacific".
 */
const CURRENT_NAMES: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/**
 * Returns the current IANA name of a time zone: "Europe/Kyiv" for both "Europe/Kiev" and "europe/kyiv". Every name of
 * UTC becomes "UTC"; an offset such as "+05:30" stays unchanged.
 * @throws RangeError when the time zone is not known
 */
export function currentTimeZoneName(timeZone: string): string {
  const { timeZone: resolved } = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
  return CURRENT_NAMES[resolved] ?? resolved;
}
