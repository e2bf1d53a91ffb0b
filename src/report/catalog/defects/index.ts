import type { KnownDefect } from '../../model/defect.ts';
import { AGENT_RESTARTS } from './agent-restarts.ts';
import { CONTROLLER_RESTARTS } from './controller-restarts.ts';
import { GROWTH } from './growth.ts';
import { OPENFLOW } from './openflow.ts';

/**
 * The known defects of Antrea that show in metrics, the more special ones first. Only defects are here whose releases are
 * certain: the faulty code is in each release tag of the ranges and in none after them.
 */
export const KNOWN_DEFECTS: readonly KnownDefect[] = [
  ...OPENFLOW,
  ...AGENT_RESTARTS,
  ...CONTROLLER_RESTARTS,
  ...GROWTH,
];
