/** Chooses whether answers are sent compressed. */

export type Encoding = 'gzip' | 'identity';

/** How the body of one answer arrived. */
export type Transfer = {
  encoding: Encoding;
  /** Bytes as they were sent. */
  sentBytes: number;
  /** How long this program waited for the line while it had nothing else to do, from the headers to the end of the body. */
  waitedSeconds: number;
};

export type EncodingChoice = {
  /**
   * Returns the encoding to ask for. `end` must be called when the exchange is over, with how the body arrived if it did.
   */
  next(): { encoding: Encoding; end: (transfer?: Transfer) => void };
};

/**
 * Uncompressed answers are tried only if this much arrives compressed at 2 MB/s or more: an uncompressed answer of 30 MB,
 * the longest that is usual (gather/chunked.ts), then takes 15 s, well below the timeout of a query.
 */
const COMPRESSED_TRIAL_BYTES = 16 * 1024;
const MIN_COMPRESSED_BYTES_PER_SECOND = 2e6;

/**
 * The line is judged after this much uncompressed. Shorter answers show its delay more than its speed, which can only be
 * in favour of compression.
 */
const TRIAL_BYTES = 256 * 1024;

/**
 * Faster than a server compresses: measured with 0.7 MB of values, Prometheus 2.42 packs about 20 MB/s of JSON, and zlib on
 * one core 40 MB/s at its usual level. Numbers that repeat are packed faster. A line of this speed only waits for it.
 */
const MIN_BYTES_PER_SECOND = 50e6;

/**
 * Opens the choice for one server. Compression makes answers 6 to 19 times as short. On a fast line, it only costs
 * processor time at both ends; on a slow one, such as a VPN, it saves most of the time. The first answers show which of
 * the two it is: first some compressed ones, then one uncompressed one at a time.
 */
export function chooseEncoding(): EncodingChoice {
  const arrived = {
    gzip: { sentBytes: 0, waitedSeconds: 0 },
    identity: { sentBytes: 0, waitedSeconds: 0 },
  };
  let isTrialUnderWay = false;
  const arrivesAt = (encoding: Encoding, bytes: number, bytesPerSecond: number) =>
    arrived[encoding].sentBytes >= bytes &&
    arrived[encoding].sentBytes >= bytesPerSecond * arrived[encoding].waitedSeconds;

  function choose(): Encoding {
    if (!arrivesAt('gzip', COMPRESSED_TRIAL_BYTES, MIN_COMPRESSED_BYTES_PER_SECOND)) return 'gzip';
    if (arrived.identity.sentBytes < TRIAL_BYTES) return isTrialUnderWay ? 'gzip' : 'identity';
    return arrivesAt('identity', TRIAL_BYTES, MIN_BYTES_PER_SECOND) ? 'identity' : 'gzip';
  }

  return {
    next() {
      const encoding = choose();
      if (encoding === 'identity') isTrialUnderWay = true;
      return {
        encoding,
        end(transfer) {
          if (encoding === 'identity') isTrialUnderWay = false;
          if (transfer === undefined) return;
          // By the encoding that arrived, since some servers do not compress although they are asked to.
          const sums = arrived[transfer.encoding];
          sums.sentBytes += transfer.sentBytes;
          sums.waitedSeconds += transfer.waitedSeconds;
        },
      };
    },
  };
}
