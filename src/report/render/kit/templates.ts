import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

/** Every printed value is escaped, and a missing value is an error. */
const OPTIONS: CompileOptions = { strict: true, preventIndent: true };

const DIRECTORY = 'templates';

/**
 * Returns the folder `templates/`, searched from this module upwards: it is next to `src/` in a checkout, and next to
 * the bundled code in a Lambda package.
 */
function templatesDirectory(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    const candidate = join(directory, DIRECTORY);
    if (existsSync(join(candidate, 'document.hbs'))) return candidate;
    if (dirname(directory) === directory)
      throw new Error(
        `The folder ${DIRECTORY}/ with document.hbs is missing; install it next to the program`,
      );
  }
}

type Loaded = { environment: typeof Handlebars; directory: string };
let loaded: Loaded | undefined;
const compiled = new Map<string, Handlebars.TemplateDelegate>();
const texts = new Map<string, string>();

/** Returns a template of the folder, compiled once per process. */
export function template<View>(file: string): (view: View) => string {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const { environment, directory } = load();
  const made = environment.compile(readFileSync(join(directory, file), 'utf8'), OPTIONS);
  compiled.set(file, made);
  return made;
}

/** Returns the text of a file of the folder. */
export function templateFile(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(load().directory, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** Registers all templates as partials: `partials/status.hbs` as `status`, others by their path, as in `sections/days/section`. */
function load(): Loaded {
  if (loaded !== undefined) return loaded;
  const directory = templatesDirectory();
  const environment = Handlebars.create();
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue;
    // The last line break of the file would be white space in the middle of a sentence.
    const source = readFileSync(join(directory, file), 'utf8').trimEnd();
    const path = file.replaceAll(sep, '/').replace(/\.hbs$/, '');
    environment.registerPartial(path.replace(/^partials\//, ''), environment.compile(source, OPTIONS));
  }
  loaded = { environment, directory };
  return loaded;
}
