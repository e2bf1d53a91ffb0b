import { basename } from 'node:path';
import { assetPath } from '../report/render/print/assets.ts';
import type { CommandContext } from './context.ts';
import type { RenditionFlags } from './options.ts';
import { reportCommand } from './report.ts';

/** The recorded day of 12 nodes: its path in the repository. The npm package has it in its assets. */
export const EXAMPLE_CAPTURE = 'examples/twelve-nodes.capture.gz';

/** `antrea-health demo`: makes the report of the recorded day. */
export function demoCommand(flags: RenditionFlags, context: CommandContext): Promise<number> {
  const fromCapture = assetPath(
    basename(EXAMPLE_CAPTURE),
    () => new URL(`../../${EXAMPLE_CAPTURE}`, import.meta.url).href,
  );
  return reportCommand({ ...flags, fromCapture }, context);
}
