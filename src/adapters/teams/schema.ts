import * as z from 'zod';
import { secret } from '../secrets/schema.ts';

export const teams = z
  .strictObject({ url: secret.describe('a reference to the address of the workflow, which is secret') })
  .describe(
    'a channel or chat of Microsoft Teams, by a workflow that starts when a webhook request is received',
  );
export type TeamsConfig = z.infer<typeof teams>;
