import type { CauseRule } from '../../model/cause.ts';
import { CONTROLLER } from './controller.ts';
import { COVERAGE } from './coverage.ts';
import { EXPORTER_CAUSES } from './exporters.ts';
import { FLOW_EXPORT } from './flow-export.ts';
import { PIPELINE } from './pipeline.ts';
import { RESTARTS } from './restarts.ts';
import { STARVATION } from './starvation.ts';
import { SURGE } from './surge.ts';

/** What usually causes what. If several rules apply to the same two findings, the first in this list wins. */
export const CAUSE_RULES: readonly CauseRule[] = [
  ...RESTARTS,
  ...EXPORTER_CAUSES,
  ...COVERAGE,
  ...PIPELINE,
  ...CONTROLLER,
  ...STARVATION,
  ...FLOW_EXPORT,
  ...SURGE,
];
