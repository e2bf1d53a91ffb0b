import type { Config } from '../../config/file.ts';
import type { Schedule } from '../../config/schedules.ts';
import type { Store } from '../archive/store.ts';
import type { Job } from '../jobs/job.ts';

/** What the HTTP API needs from the program that runs it. */
export type ApiContext = {
  config: Config;
  store: Store;
  /** What makes reports by itself, from which the pages know when a report was due. */
  schedules: readonly Schedule[];
  /**
   * How files are handed out: as they are, since browsers may not reach the store; or by a link of the store, except pages
   * that fit a response of AWS Lambda.
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
