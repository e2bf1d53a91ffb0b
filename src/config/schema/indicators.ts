import * as z from 'zod';
import { LANGUAGES, UNITS } from '../../report/model/indicator.ts';
import { runbook } from '../../report/model/links.ts';
import { duration } from './duration.ts';
import { isObject, keyRule } from './key-rule.ts';
import { findQueryProblem } from './promql.ts';

const threshold = z
  .strictObject({
    above: z.number().optional().describe('reached by greater values'),
    atLeast: z.number().optional().describe('reached by equal or greater values'),
    below: z.number().optional().describe('reached by smaller values'),
    change: z
      .number()
      .positive()
      .optional()
      .describe('reached by values that differ by this ratio from the usual level, up or down; 0.5 is 50 %'),
    rise: z
      .number()
      .positive()
      .optional()
      .describe('reached by values that exceed the usual level by this ratio; 0.5 is 50 %'),
    for: duration
      .optional()
      .describe('how long the condition must be true without interruption; one point is enough when absent'),
    times: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('in how many separate steps of the period the condition must be true; 1 when absent'),
  })
  .refine(({ above, atLeast, below, change, rise }) => {
    const count = [above, atLeast, below, change, rise].filter((value) => value !== undefined).length;
    return count === 1 || (count === 2 && above !== undefined && rise !== undefined);
  }, keyRule('needs exactly one of above, atLeast, below, change and rise, or above together with rise'));

/** A text in both languages, or in one language that stands for both. */
function words(maxLength: number) {
  const text = z
    .string()
    .regex(/\S/, { error: 'is empty' })
    .max(maxLength, { error: `is longer than ${maxLength} characters` });
  const [en, zh] = LANGUAGES;
  return z.union(
    [
      text,
      z
        .strictObject({ [en]: text.optional(), [zh]: text.optional() })
        .refine((texts) => Object.values(texts).some((value) => value !== undefined), {
          error: `needs ${en}, ${zh} or both`,
        }),
    ],
    {
      error: (issue) =>
        typeof issue.input === 'string' ? undefined : `must be text, or ${en}: … and ${zh}: …`,
    },
  );
}

const oneLine = (maxLength: number) =>
  z
    .string()
    .regex(/^[^\r\n]*\S[^\r\n]*$/, { error: 'must be one line of text' })
    .max(maxLength, { error: `is longer than ${maxLength} characters` });

/** In characters. People do not write longer queries, and the grammar's parser fails on much longer ones. */
const LONGEST_QUERY = 5000;

const query = z
  .string()
  .max(LONGEST_QUERY, { error: `is longer than ${LONGEST_QUERY} characters`, abort: true })
  .check(({ value, issues }) => {
    const problem = findQueryProblem(value);
    if (problem)
      issues.push({
        code: 'custom',
        input: value,
        message: problem.message,
        params: { offset: problem.offset },
      });
  });

/** Keys that only a custom indicator may have. */
const CUSTOM_KEYS = [
  'title',
  'unit',
  'explanation',
  'impact',
  'nextSteps',
  'subject',
  'splitBy',
  'reading',
  'whenEmpty',
] as const;
const REQUIRED_KEYS = ['title', 'unit'] as const;

const limits = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, {
      error: 'is not the name of a limit: lower-case letters, digits and hyphens, at most 60',
    }),
    z.number().positive().nullable(),
  )
  .describe(
    'limits by name, in the unit of the indicator’s capacity (docs/indicators.md); null removes a limit',
  );

const indicator = z
  .strictObject({
    warning: threshold.nullable().optional().describe('replaces the threshold; null removes it'),
    critical: threshold.nullable().optional().describe('replaces the threshold; null removes it'),
    limits: limits.optional(),
    runbook: runbook.optional().describe('address of its runbook, if that differs'),
    query: query
      .optional()
      .describe(
        'defines a custom indicator: PromQL of an instant vector, with the placeholders of docs/configuration.md',
      ),
    title: words(80).optional().describe('a few words; a text in one language stands for both'),
    unit: z
      .enum(UNITS, { error: `is not a unit; the units are ${UNITS.join(', ')}` })
      .optional()
      .describe('unit of the query’s values; a ratio is 0–1'),
    explanation: words(2000).optional().describe('what is measured, and how'),
    impact: words(2000).optional().describe('what a bad reading means for users of the cluster'),
    nextSteps: z
      .array(
        z.strictObject({
          text: words(500),
          command: oneLine(500)
            .optional()
            .describe(
              'can contain $node, $pod, $container, $namespace, and $since for the time when it began',
            ),
        }),
      )
      .max(10)
      .optional()
      .describe('what to check, the most useful first'),
    subject: z
      .enum(['cluster', 'node'])
      .optional()
      .describe('what each series is about: the cluster (the default), or a node'),
    splitBy: z
      .array(z.string().regex(/^(?!__proto__$)[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'is not a label name' }))
      .min(1)
      .max(5)
      .optional()
      .describe('labels that distinguish several series of one subject'),
    reading: z
      .enum(['maximum', 'last'])
      .optional()
      .describe('which value of the period is the reading; maximum when absent'),
    whenEmpty: z
      .enum(['no-data', 'idle'])
      .optional()
      .describe('what an empty answer means: no-data, a fault (the default), or idle, nothing happened'),
  })
  .superRefine(
    (value, context) => {
      const missing = REQUIRED_KEYS.find((key) => value[key] === undefined);
      const extra = CUSTOM_KEYS.find((key) => value[key] !== undefined);
      if (value.query !== undefined && missing !== undefined)
        context.addIssue({ code: 'custom', message: `needs ${missing}, because it has a query` });
      if (value.query === undefined && extra !== undefined)
        context.addIssue({
          code: 'custom',
          path: [extra],
          message:
            'requires a query, which defines a custom indicator; a built-in indicator has warning, critical, limits and runbook',
        });
    },
    { when: isObject },
  )
  .meta({
    dependentRequired: {
      query: [...REQUIRED_KEYS],
      ...Object.fromEntries(CUSTOM_KEYS.map((key) => [key, ['query']])),
    },
  });

export const indicators = z.record(
  z.string().regex(/^(?=.{1,60}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
    error: 'is not an indicator id: lower-case words joined by hyphens, at most 60 characters',
  }),
  indicator.nullable(),
);

export type ThresholdConfig = z.infer<typeof threshold>;
export type IndicatorConfig = z.infer<typeof indicator>;
export type WordsConfig = NonNullable<IndicatorConfig['title']>;
