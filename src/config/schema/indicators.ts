import * as z from 'zod';
import { LANGUAGES, UNITS } from '../../report/model/indicator.ts';
import { duration } from './duration.ts';
import { isObject, keyRule } from './key-rule.ts';
import { faultOf } from './promql.ts';

/** What the configuration file says of indicators: other thresholds for those there are, and more of one's own. */

const threshold = z
  .strictObject({
    above: z.number().optional().describe('breached by greater values'),
    atLeast: z.number().optional().describe('breached by equal or greater values'),
    below: z.number().optional().describe('breached by smaller values'),
    change: z.number().positive().optional().describe('breached this far from the usual level, 0.5 = 50 %'),
    rise: z.number().positive().optional().describe('breached this far above the usual level, 0.5 = 50 %'),
    for: duration.optional().describe('how long it must hold; at once when absent'),
    times: z.number().int().positive().optional().describe('in how many separate steps it must hold'),
  })
  .refine(({ above, atLeast, below, change, rise }) => {
    const given = [above, atLeast, below, change, rise].filter((value) => value !== undefined).length;
    return given === 1 || (given === 2 && above !== undefined && rise !== undefined);
  }, keyRule('needs one of above, atLeast, below, change and rise, or above together with rise'));

/** A text in one language, which then stands for both, or in each of them. */
function words(most: number) {
  const text = z
    .string()
    .regex(/\S/, { error: 'is empty' })
    .max(most, { error: `is longer than ${most} characters` });
  const [en, zh] = LANGUAGES;
  return z.union(
    [
      text,
      z
        .strictObject({ [en]: text.optional(), [zh]: text.optional() })
        .refine((given) => Object.values(given).some((one) => one !== undefined), {
          error: `needs ${en}, ${zh} or both`,
        }),
    ],
    {
      error: (issue) =>
        typeof issue.input === 'string' ? undefined : `is neither text nor ${en}: … and ${zh}: …`,
    },
  );
}

const oneLine = (most: number) =>
  z
    .string()
    .regex(/^[^\r\n]*\S[^\r\n]*$/, { error: 'is not one line of text' })
    .max(most, { error: `is longer than ${most} characters` });

/** Longer than any that people read; the grammar's parser gets lost in far more. */
const LONGEST_QUERY = 5000;

const query = z
  .string()
  .max(LONGEST_QUERY, { error: `is longer than ${LONGEST_QUERY} characters`, abort: true })
  .check(({ value, issues }) => {
    const fault = faultOf(value);
    if (fault)
      issues.push({ code: 'custom', input: value, message: fault.said, params: { offset: fault.offset } });
  });

/** What only an indicator of one's own has. */
const OWN_KEYS = [
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
const NEEDED_KEYS = ['title', 'unit'] as const;

const limits = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, { error: 'is not the name of a limit' }),
    z.number().positive().nullable(),
  )
  .describe(
    'what its level runs into, in the unit of its capacity (docs/indicators.md); null: no such limit here',
  );

const indicator = z
  .strictObject({
    warning: threshold.nullable().optional().describe('null: no warning'),
    critical: threshold.nullable().optional().describe('null: never critical'),
    limits: limits.optional(),
    query: query
      .optional()
      .describe(
        'makes it an indicator of your own: PromQL of an instant vector, with the placeholders of docs/configuration.md',
      ),
    title: words(80).optional().describe('a few words; one language stands for both'),
    unit: z
      .enum(UNITS, { error: `is not a unit; there are ${UNITS.join(', ')}` })
      .optional()
      .describe('of the query’s values; ratio is 0–1'),
    explanation: words(2000).optional().describe('what is measured and how'),
    impact: words(2000).optional().describe('what a bad reading means for the cluster’s users'),
    nextSteps: z
      .array(
        z.strictObject({
          text: words(500),
          command: oneLine(500)
            .optional()
            .describe('may hold $node, $pod, $container, $namespace and $since, when it began'),
        }),
      )
      .max(10)
      .optional()
      .describe('what to look at, most useful first'),
    subject: z
      .enum(['cluster', 'node'])
      .optional()
      .describe('what the answer’s series speak of: all of the cluster (when absent), or a node each'),
    splitBy: z
      .array(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'is not the name of a label' }))
      .min(1)
      .max(5)
      .optional()
      .describe('labels that tell several series of one subject apart'),
    reading: z
      .enum(['maximum', 'last'])
      .optional()
      .describe('which number of the period the reading is; maximum when absent'),
    whenEmpty: z
      .enum(['no-data', 'idle'])
      .optional()
      .describe('what an empty answer means: a fault (when absent), or that nothing happened'),
  })
  .superRefine(
    (value, context) => {
      const missing = NEEDED_KEYS.find((key) => value[key] === undefined);
      const extra = OWN_KEYS.find((key) => value[key] !== undefined);
      if (value.query !== undefined && missing !== undefined)
        context.addIssue({ code: 'custom', message: `needs ${missing} beside query` });
      if (value.query === undefined && extra !== undefined)
        context.addIssue({
          code: 'custom',
          path: [extra],
          message:
            'goes with a query, for an indicator of your own; without one there are warning, critical and limits',
        });
    },
    { when: isObject },
  )
  .meta({
    dependentRequired: {
      query: [...NEEDED_KEYS],
      ...Object.fromEntries(OWN_KEYS.map((key) => [key, ['query']])),
    },
  });

export const indicators = z.record(
  z.string().regex(/^(?=.{1,60}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
    error: 'is not the id of an indicator: lower-case words joined by hyphens, at most 60 characters',
  }),
  indicator.nullable(),
);

export type ThresholdConfig = z.infer<typeof threshold>;
export type IndicatorConfig = z.infer<typeof indicator>;
export type WordsConfig = NonNullable<IndicatorConfig['title']>;
