import * as z from 'zod';

export const ses = z
  .strictObject({
    region: z.string().min(1).optional().describe('the function’s own when absent'),
    configurationSet: z.string().min(1).optional(),
  })
  .describe('Amazon SES, which is used when no other transport is given');
