/** Formats YAML that users copy into their configuration. */

/** Formats a scalar, quoted as in JSON (which is valid YAML) if a plain one could be read as something else. */
export function yamlText(text: string): string {
  const isPlain = /^[a-z_][\w./-]*$/i.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** Formats a map as "{ a: b, c: d }". */
export function yamlMap(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([key, value]) => `${yamlText(key)}: ${yamlText(value)}`);
  return `{ ${pairs.join(', ')} }`;
}
