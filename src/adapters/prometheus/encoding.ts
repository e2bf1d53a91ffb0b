import { sum } from 'd3-array';

/** Chooses whether answers are sent compressed. */

export type Encoding = 'gzip' | 'identity';

/** How the body of one answer arrived. */
export type Transfer = {
  encoding: Encoding;
  /** Bytes as sent and after decompression. */
  sentBytes: number;
  bytes: number;
  /** From the headers to the end of the body. */
  seconds: number;
};

export type EncodingChoice = {
  /** Returns the encoding to ask for. */
  next(): Encoding;
  note(transfer: Transfer): void;
};

/** The time of a smaller answer says more about the delay of the network than about its speed. */
const MIN_BYTES = 512 * 1024;

/** Large answers of each encoding that are compared. */
const TRIALS = 2;

/**
 * Uncompressed answers are tried only if compressed ones arrive at 2 MB/s or more. At this speed, four uncompressed answers
 * of 10 MB at a time (gather/chunked.ts) take 20 s in the worst case, which is below the timeout of a query.
 */
const MIN_SENT_BYTES_PER_SECOND = 2e6;

/**
 * Opens the choice for one server. Compression makes answers 6 to 19 times as short. On a fast line, it only costs
 * processor time at both ends; on a slow one, such as a VPN, it saves most of the time. The first large answers show
 * which of the two it is.
 */
export function chooseEncoding(): EncodingChoice {
  const noted: Record<Encoding, Transfer[]> = { gzip: [], identity: [] };
  const speed = (transfers: readonly Transfer[], size: 'bytes' | 'sentBytes') =>
    sum(transfers.map((transfer) => transfer[size])) / sum(transfers.map(({ seconds }) => seconds));
  return {
    next() {
      const { gzip, identity } = noted;
      if (gzip.length < TRIALS || speed(gzip, 'sentBytes') < MIN_SENT_BYTES_PER_SECOND) return 'gzip';
      if (identity.length < TRIALS) return 'identity';
      return speed(identity, 'bytes') >= speed(gzip, 'bytes') ? 'identity' : 'gzip';
    },
    note(transfer) {
      const same = noted[transfer.encoding];
      if (transfer.bytes >= MIN_BYTES && same.length < TRIALS) same.push(transfer);
    },
  };
}
