import type { Config } from '../../config/file.ts';
import type { Store } from '../archive/store.ts';
import type { Job } from '../jobs/job.ts';

/** What the HTTP API needs from the program that runs it. */
export type ApiContext = {
  config: Config;
  store: Store;
  /**
   * How files are handed out: by a link of the store, since a response of AWS is limited to 6 MB, or as they are, since
   * browsers may not reach the store.
   */
  filesBy: 'link' | 'content';
  /** The person who signed in, by the name to show, and where this person signs out; absent for others. */
  person?: { name: string; signOut: string };
  /** Puts a job on the queue. */
  send: (job: Job) => Promise<void>;
  now: () => Date;
  /** Receives failures that are not the caller's fault. */
  onError: (error: unknown) => void;
};
