/**
 * Returns parameters for a rule about the keys of an object. By default zod checks such a rule only when all values are
 * valid; with these parameters it is always checked.
 * @param path the key that the message is about, if it is about one key
 */
export function keyRule(error: string, path: string[] = []) {
  return { error, path, when: isObject };
}

export function isObject({ value }: { value: unknown }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
