import { expect, it } from 'vitest';
import { chooseEncoding, type Encoding } from '../../../../src/adapters/prometheus/encoding.ts';

/** In MB/s as sent: how fast compressed and uncompressed answers arrive. */
type Speeds = Record<Encoding, number>;

/** Returns the encodings of answers of 1 MB that follow each other, which are a tenth as long when they are compressed. */
function choices(speeds: Speeds, count = 6): string {
  const choice = chooseEncoding();
  const encodings = Array.from({ length: count }, () => {
    const { encoding, end } = choice.next();
    const sentBytes = encoding === 'gzip' ? 1e5 : 1e6;
    end({ encoding, sentBytes, waitedSeconds: sentBytes / 1e6 / speeds[encoding] });
    return encoding;
  });
  return encodings.join(' ');
}

it('a fast line gets uncompressed answers', () => {
  expect(choices({ gzip: 10, identity: 200 })).toBe('gzip identity identity identity identity identity');
});

it('a line that is slower than compression gets compressed answers after one trial', () => {
  expect(choices({ gzip: 10, identity: 20 })).toBe('gzip identity gzip gzip gzip gzip');
});

it('uncompressed answers are not tried on a slow line', () => {
  expect(choices({ gzip: 0.5, identity: 200 })).toBe('gzip gzip gzip gzip gzip gzip');
});

it('a line without any wait is fast', () => {
  expect(choices({ gzip: Number.POSITIVE_INFINITY, identity: Number.POSITIVE_INFINITY }, 3)).toBe(
    'gzip identity identity',
  );
});

it('one uncompressed answer is tried at a time, and the next after a failure', () => {
  const choice = chooseEncoding();
  choice.next().end({ encoding: 'gzip', sentBytes: 1e5, waitedSeconds: 0.001 });
  const trial = choice.next();
  expect([trial.encoding, choice.next().encoding, choice.next().encoding]).toEqual([
    'identity',
    'gzip',
    'gzip',
  ]);
  trial.end();
  expect(choice.next().encoding).toBe('identity');
});

it('a server that does not compress is asked for compressed answers', () => {
  const choice = chooseEncoding();
  for (let count = 0; count < 5; count += 1) {
    const { encoding, end } = choice.next();
    expect(encoding).toBe('gzip');
    end({ encoding: 'identity', sentBytes: 1e7, waitedSeconds: 0.01 });
  }
});
