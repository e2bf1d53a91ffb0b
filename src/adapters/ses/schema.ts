import * as z from 'zod';

export const ses = z
  .strictObject({
    region: z
      .string()
      .min(1)
      .optional()
      .describe('the AWS region of SES; when absent, that of the function or of the AWS profile'),
    configurationSet: z.string().min(1).optional().describe('name of a configuration set of SES'),
  })
  .describe('send through Amazon SES; the default');
