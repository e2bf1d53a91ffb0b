import * as z from 'zod';
import { component, instant } from './report-values.ts';

/** The version of Antrea in `report.json`, and which known defects it has. */

/** The tag of an image, as `tagOf` returns it. */
const tag = z.string().regex(/^[A-Za-z0-9._-]{0,128}$/);

const runningVersion = z.strictObject({
  component,
  tag: tag.describe('the tag of the image: "v2.5.1"; empty: the image has none'),
  release: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .nullable()
    .describe('the release that the tag names, without the v: "2.5.1"; null: it names none'),
  podsAtEnd: z
    .number()
    .int()
    .nonnegative()
    .describe('Pods with it at the end of the period, of agents one on each node; 0: only earlier'),
});

const upgrade = z.strictObject({
  component,
  from: tag.describe('the tag that most Pods had before'),
  to: tag.describe('the tag that was new'),
  start: instant.describe('the last point without the new tag'),
  end: instant.nullable().describe('the first point without another tag; null: not in this period'),
});

/** A known defect that this version has: `certain`, or possibly. */
export const defectOfVersion = z.strictObject({
  id: z.string().describe('the id of the record in src/report/catalog/defects/'),
  certain: z
    .boolean()
    .describe('true: every release that may be running has it; false: some of them, or a changed build'),
});

/** The version of Antrea: as far as the metrics present show it, and exactly if kube-state-metrics has the images. */
export const antrea = z.strictObject({
  from: z.string().nullable().describe('the first release with all of these metrics, without the v: "2.5.0"'),
  before: z.string().nullable().describe('the first release without one of them'),
  evidence: z.array(z.string()).describe('the metrics that show it'),
  images: z
    .strictObject({
      versions: z.array(runningVersion).describe('most Pods first'),
      upgrades: z.array(upgrade).describe('in the order of time'),
    })
    .optional()
    .describe('from the images of the containers; absent: unknown, for instance without kube-state-metrics'),
  imagesReason: z.string().optional().describe('why images is absent, if the query failed'),
  defects: z
    .array(defectOfVersion)
    .optional()
    .describe('known defects of the version at the end of the period that show in metrics'),
});

export type AntreaVersion = z.infer<typeof antrea>;
export type AntreaImages = NonNullable<AntreaVersion['images']>;
export type RunningVersion = z.infer<typeof runningVersion>;
export type Upgrade = z.infer<typeof upgrade>;
export type DefectOfVersion = z.infer<typeof defectOfVersion>;
