import type { Environment } from '../config/environment.ts';
import type { Progress } from './progress.ts';

export type CommandContext = { environment: Environment; progress: Progress; signal: AbortSignal };

/** Runs the action of a command. The action returns the exit code. */
export type Run = (action: (context: CommandContext) => Promise<number>) => Promise<void>;
