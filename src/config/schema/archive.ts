import * as z from 'zod';
import { s3 } from '../../adapters/s3/schema.ts';
import { keyRule } from './key-rule.ts';

/** The kinds of store, by the key that chooses and configures one. */
const stores = {
  folder: z.string().min(1).optional().describe('a folder on a local disk'),
  s3: s3.optional(),
};
export type StoreKey = keyof typeof stores;

/** Where the reports are stored. */
export const archive = z
  .strictObject(stores)
  .refine(
    (config) => storeKeys(config).length === 1,
    keyRule(`needs exactly one of ${Object.keys(stores).join(' and ')}`),
  )
  .describe('where schedule, digest and serve keep the reports; on AWS, the bucket of the deployment');
export type ArchiveConfig = z.infer<typeof archive>;

/** Returns the stores that a configuration contains, in the order of `stores`. */
export function storeKeys(config: object): StoreKey[] {
  return (Object.keys(stores) as StoreKey[]).filter(
    (key) => (config as Record<string, unknown>)[key] !== undefined,
  );
}
