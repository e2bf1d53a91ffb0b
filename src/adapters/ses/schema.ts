import * as z from 'zod';

export const ses = z
  .strictObject({
    region: z.string().min(1).optional().describe('the region of the function by default'),
    configurationSet: z.string().min(1).optional(),
  })
  .describe('Amazon SES, the default transport');
