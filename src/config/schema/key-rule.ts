/**
 * Parameters of a rule about which keys an object has: it is checked whatever is wrong with their values, which zod
 * otherwise has to be corrected first.
 * @param path the key that the message is about, when it is about one
 */
export function keyRule(error: string, path: string[] = []) {
  return { error, path, when: isObject };
}

export function isObject({ value }: { value: unknown }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
