import type { Environment } from '../adapters/secrets/secrets.ts';
import type { Progress } from './progress.ts';

export type CommandContext = { environment: Environment; progress: Progress; signal: AbortSignal };
