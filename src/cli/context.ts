import type { Environment } from '../config/environment.ts';
import type { Progress } from './progress.ts';

export type CommandContext = { environment: Environment; progress: Progress; signal: AbortSignal };
