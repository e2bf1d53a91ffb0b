/** Derives the apt source of another Debian release from the apt sources of this machine. */

/** A file below /etc/apt. Its name ends in `.sources` (paragraphs of fields) or `.list` (one line for each source). */
export type SourcesFile = { name: string; text: string };

/**
 * Returns the first source of `release` with the suite replaced by `suite` and only the component `main`, or `undefined`
 * if no file has a source of the release. sources.list(5) describes both formats.
 */
export function sourceOfSuite(
  files: readonly SourcesFile[],
  release: string,
  suite: string,
): SourcesFile | undefined {
  for (const { name, text } of files) {
    const source = name.endsWith('.sources')
      ? fromParagraphs(text, release, suite)
      : fromLines(text, release, suite);
    if (source !== undefined)
      return { name: `${suite}${name.endsWith('.sources') ? '.sources' : '.list'}`, text: source };
  }
  return undefined;
}

function fromParagraphs(text: string, release: string, suite: string): string | undefined {
  const paragraphs = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/);
  const paragraph = paragraphs.find(
    (each) =>
      field(each, 'Types').includes('deb') &&
      field(each, 'Suites').includes(release) &&
      !field(each, 'Enabled').includes('no'),
  );
  return paragraph
    ?.trim()
    .replace(/^Types:.*$/im, 'Types: deb')
    .replace(/^Suites:.*$/im, `Suites: ${suite}`)
    .replace(/^Components:.*$/im, 'Components: main')
    .concat('\n');
}

/** The words of a field. Field names are not case-sensitive. */
function field(paragraph: string, name: string): string[] {
  const line = new RegExp(`^${name}:(.*)$`, 'im').exec(paragraph)?.[1] ?? '';
  return line.trim().split(/\s+/);
}

/** deb [options] address suite components */
const LINE = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s/;

function fromLines(text: string, release: string, suite: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, options = '', address, lineSuite] = LINE.exec(line) ?? [];
    if (lineSuite === release) return `deb ${options}${address} ${suite} main\n`;
  }
  return undefined;
}
