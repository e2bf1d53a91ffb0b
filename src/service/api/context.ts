import type { Config } from '../../config/file.ts';
import type { Store } from '../archive/store.ts';
import type { Job } from '../jobs/job.ts';

/** What the HTTP API is given by the program around it. */
export type ApiContext = {
  config: Config;
  store: Store;
  /** Puts a job on the queue. */
  send: (job: Job) => Promise<void>;
  now: () => Date;
  /** Told of what is no fault of the caller. */
  onError: (error: unknown) => void;
};
