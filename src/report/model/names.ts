/** The language is fixed, because that of the machine would change the order of rows in report.json. */
const ORDER = new Intl.Collator('en', { numeric: true });

/** Orders names as people count: "worker-9" before "worker-10". Only equal names compare as equal. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return ORDER.compare(a, b) || (a < b ? -1 : 1);
}
