import type { Environment } from '../config/environment.ts';
import type { Progress } from './progress.ts';

export type CommandContext = { environment: Environment; progress: Progress; signal: AbortSignal };

/**
 * Runs the action of a command. The action returns the exit code.
 * @param interruptMilliseconds how long an interrupted command may take to clean up; five seconds when absent
 */
export type Run = (
  action: (context: CommandContext) => Promise<number>,
  interruptMilliseconds?: number,
) => Promise<void>;
