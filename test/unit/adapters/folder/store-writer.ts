/** A process that writes to a folder store: `count FOLDER TIMES`, or `fill FOLDER` until it is killed. */
import { openFolderStore } from '../../../../src/adapters/folder/store.ts';

const [task, folder = '', times = ''] = process.argv.slice(2);
const store = openFolderStore(folder);

if (task === 'count') {
  // The helper in test/contract/store.ts cannot be used here because it requires vitest.
  for (let done = 0; done < Number(times); ) {
    const found = await store.get('counter');
    const next = Buffer.from(String(Number(Buffer.from(found?.bytes ?? []).toString()) + 1));
    if (await store.put('counter', next, { contentType: 'text/plain' }, { tag: found?.tag ?? '' })) done += 1;
  }
} else {
  for (let round = 0; ; round += 1) {
    const letter = String.fromCharCode(97 + (round % 26));
    await store.put('large', Buffer.alloc(2_000_000, letter), { contentType: `text/x-${letter}` });
    process.stdout.write(`${round}\n`);
  }
}
