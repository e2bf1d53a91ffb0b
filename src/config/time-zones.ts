/**
 * Today's names of the time zones that Node calls by a former one. Node has them from ICU and CLDR, whose names never
 * change once they are given; the IANA database renames. These are all entries of CLDR's common/bcp47/timezone.xml
 * (version 48) with an attribute `iana`, which is the name in IANA's zone.tab. All other former names, such as
 * "US/Pacific", are resolved by Node itself.
 */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
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
 * Returns a time zone's name as the IANA database has it today: "Europe/Kyiv" for both "Europe/Kiev" and
 * "europe/kyiv". UTC under all of its names is "UTC"; an offset such as "+05:30" stays one.
 * @throws RangeError when there is no such time zone
 */
export function presentName(timeZone: string): string {
  const { timeZone: resolved } = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
  return PRESENT_NAMES[resolved] ?? resolved;
}
