import { expect, it } from 'vitest';
import { chooseEncoding, type Encoding } from '../../../../src/adapters/prometheus/encoding.ts';

/** What a connection does for an answer of 10 MB, which is a tenth as long when it is compressed. */
type Speeds = Record<Encoding, number>;

/** Returns the encodings of ten answers of this size if each arrives in the given seconds. */
function choices(seconds: Speeds, bytes = 10e6): Encoding[] {
  const choice = chooseEncoding();
  return Array.from({ length: 10 }, () => {
    const encoding = choice.next();
    const sentBytes = encoding === 'gzip' ? bytes / 10 : bytes;
    choice.note({ encoding, sentBytes, bytes, seconds: seconds[encoding] });
    return encoding;
  });
}

const times = (count: number, encoding: Encoding): Encoding[] => Array(count).fill(encoding);

it('uncompressed answers are used where they arrive faster', () => {
  expect(choices({ gzip: 0.2, identity: 0.1 })).toEqual([...times(2, 'gzip'), ...times(8, 'identity')]);
});

it('compressed answers are used again where uncompressed ones arrive slower', () => {
  expect(choices({ gzip: 0.2, identity: 0.8 })).toEqual([
    ...times(2, 'gzip'),
    ...times(2, 'identity'),
    ...times(6, 'gzip'),
  ]);
});

it('uncompressed answers are not tried on a slow line', () => {
  expect(choices({ gzip: 1, identity: 0.1 })).toEqual(times(10, 'gzip'));
});

it('small answers decide nothing', () => {
  expect(choices({ gzip: 0.002, identity: 0.001 }, 100_000)).toEqual(times(10, 'gzip'));
});

it('a server that does not compress is asked for compressed answers', () => {
  const choice = chooseEncoding();
  for (let count = 0; count < 5; count += 1) {
    expect(choice.next()).toBe('gzip');
    choice.note({ encoding: 'identity', sentBytes: 10e6, bytes: 10e6, seconds: 0.1 });
  }
});
