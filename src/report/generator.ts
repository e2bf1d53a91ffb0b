// package.json is imported, not read at run time, so that bundles contain it.
import packageJson from '../../package.json' with { type: 'json' };

/** This package's name and version, as reports name their generator. */
export const GENERATOR: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};
