// As JSON, so that a bundle holds it; of the whole file only these two are used.
import packageJson from '../../package.json' with { type: 'json' };

/** What makes the reports: this package's name and version. */
export const GENERATOR: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};
