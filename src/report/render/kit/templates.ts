import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

/** Templates are our own; every value that they print is escaped, and a value they miss is an error. */
const OPTIONS: CompileOptions = { strict: true, preventIndent: true };

const DIRECTORY = 'templates';

/**
 * The folder beside `src/` in a checkout; beside `handlers/` or above them in a Lambda package, where this code lies
 * within one bundled file: so it is looked for from here upwards.
 */
function templatesDirectory(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, DIRECTORY);
    if (existsSync(join(candidate, 'report.hbs'))) return candidate;
    if (dirname(directory) === directory)
      throw new Error(
        `The folder ${DIRECTORY}/ is missing; it belongs beside the program, with report.hbs in it`,
      );
  }
}

type Loaded = { environment: typeof Handlebars; directory: string };
let loaded: Loaded | undefined;
const compiled = new Map<string, Handlebars.TemplateDelegate>();
const texts = new Map<string, string>();

/** A template of the folder, compiled once per process. */
export function template<View>(file: string): (view: View) => string {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const { environment, directory } = load();
  const made = environment.compile(readFileSync(join(directory, file), 'utf8'), OPTIONS);
  compiled.set(file, made);
  return made;
}

/** A file of the folder as it is. */
export function templateFile(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(load().directory, file), 'utf8');
  texts.set(file, text);
  return text;
}

function load(): Loaded {
  if (loaded !== undefined) return loaded;
  const directory = templatesDirectory();
  const environment = Handlebars.create();
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue;
    // Without the file's last line break, which would be white space in the middle of a sentence.
    const source = readFileSync(join(directory, file), 'utf8').trimEnd();
    environment.registerPartial(partialName(file), environment.compile(source, OPTIONS));
  }
  loaded = { environment, directory };
  return loaded;
}

/** A partial is named by its path below the folder, as in `{{> pages/digest/row}}`; those in `partials/` by their file. */
function partialName(file: string): string {
  const path = file.replaceAll(sep, '/').replace(/\.hbs$/, '');
  return path.replace(/^partials\//, '');
}
