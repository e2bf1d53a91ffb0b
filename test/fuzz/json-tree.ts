/** JSON as a tree that can have what JSON.stringify never writes: doubled keys, and any text instead of a value. */

export type Tree = { members: [key: string, value: Tree][] } | { items: Tree[] } | { text: string };

export function toTree(value: unknown): Tree {
  if (Array.isArray(value)) return { items: value.map(toTree) };
  if (typeof value !== 'object' || value === null) return { text: JSON.stringify(value) };
  return { members: Object.entries(value).map(([key, member]) => [key, toTree(member)]) };
}

/** Repetitions of large parts could be longer than any text. */
const MOST_CHARACTERS = 64 * 1024 ** 2;

/** Returns a tree as JSON; after 64 Mi characters it is cut off. */
export function toText(tree: Tree): string {
  const parts: string[] = [];
  let characters = 0;
  const write = (part: string): void => {
    parts.push(part);
    characters += part.length;
  };
  const writeTree = (one: Tree): void => {
    if (characters > MOST_CHARACTERS) return;
    if ('text' in one) write(one.text);
    else if ('items' in one) writeAll('[', one.items, ']', writeTree);
    else writeAll('{', one.members, '}', writeMember);
  };
  const writeMember = ([key, value]: [string, Tree]): void => {
    write(`${JSON.stringify(key)}:`);
    writeTree(value);
  };
  const writeAll = <T>(open: string, all: readonly T[], close: string, writeOne: (one: T) => void): void => {
    write(open);
    for (const [index, one] of all.entries()) {
      if (characters > MOST_CHARACTERS) break;
      if (index > 0) write(',');
      writeOne(one);
    }
    write(close);
  };
  writeTree(tree);
  return parts.join('');
}

/** A place in a tree: at each level the number of a child, by the rest of its division by the number of children. */
export type Step = { child: number; isEvery: boolean };

/** Values of each type: one takes the place of a value of its type. */
export type Alike = { number: string; numberText: string; text: string };

/** What happens to a value. `from` takes its place in the document from another value. */
export type Change =
  | { do: 'replace'; by: Tree }
  | { do: 'alike'; by: Alike }
  | { do: 'copy'; from: readonly Step[] }
  | { do: 'remove' }
  | { do: 'repeat'; times: number; key: string | null }
  | { do: 'insert'; key: string; value: Tree }
  | { do: 'rename'; key: string }
  | { do: 'swap'; other: number }
  | { do: 'reverse' }
  | { do: 'nest'; times: number };

export type Edit = { place: readonly Step[]; change: Change };

/** Returns a changed tree. Unchanged parts are shared with the given one. */
export function edit(tree: Tree, { place, change }: Edit): Tree {
  return editBelow(tree, place, { change, whole: tree });
}

type Context = { change: Change; whole: Tree };

function editBelow(tree: Tree, [step, ...rest]: readonly Step[], context: Context): Tree {
  const children = childrenOf(tree);
  if (step === undefined || children.length === 0) return changeValue(tree, context);
  const chosen = step.child % children.length;
  // All members of an object are of different types: only elements of a list are all changed.
  const isChosen = (index: number) => index === chosen || (step.isEvery && 'items' in tree);
  const isLast = rest.length === 0 || childrenOf(children[chosen] as Tree).length === 0;
  if (isLast && isAmongSiblings(context.change)) return changeAmong(tree, chosen, context.change);
  const edited = children.map((child, index) => (isChosen(index) ? editBelow(child, rest, context) : child));
  return withChildren(tree, edited);
}

function childrenOf(tree: Tree): Tree[] {
  if ('text' in tree) return [];
  return 'items' in tree ? tree.items : tree.members.map(([, value]) => value);
}

function withChildren(tree: Tree, children: readonly Tree[]): Tree {
  if ('text' in tree) return tree;
  if ('items' in tree) return { items: [...children] };
  return { members: tree.members.map(([key, value], index) => [key, children[index] ?? value]) };
}

function changeValue(tree: Tree, { change, whole }: Context): Tree {
  switch (change.do) {
    case 'replace':
      return change.by;
    case 'alike':
      return 'text' in tree ? { text: alike(tree.text, change.by) } : tree;
    case 'copy':
      return find(whole, change.from);
    case 'insert':
      if ('members' in tree) return { members: [...tree.members, [change.key, change.value]] };
      return 'items' in tree ? { items: [...tree.items, change.value] } : tree;
    case 'reverse':
      if ('members' in tree) return { members: tree.members.toReversed() };
      return 'items' in tree ? { items: tree.items.toReversed() } : tree;
    case 'nest':
      return { text: `${'['.repeat(change.times)}${toText(tree)}${']'.repeat(change.times)}` };
    default:
      return tree;
  }
}

function alike(text: string, { number, numberText, text: other }: Alike): string {
  if (/^[-\d]/.test(text)) return number;
  if (/^"-?\d[\d.e+-]*"$/.test(text)) return JSON.stringify(numberText);
  if (text.startsWith('"')) return JSON.stringify(other);
  return text === 'true' ? 'false' : text === 'false' ? 'true' : text;
}

function find(tree: Tree, [step, ...rest]: readonly Step[]): Tree {
  const children = childrenOf(tree);
  const child = step && children[step.child % children.length];
  return child === undefined ? tree : find(child, rest);
}

type AmongSiblings = Extract<Change, { do: 'remove' | 'repeat' | 'rename' | 'swap' }>;

function isAmongSiblings(change: Change): change is AmongSiblings {
  return ['remove', 'repeat', 'rename', 'swap'].includes(change.do);
}

function changeAmong(tree: Tree, chosen: number, change: AmongSiblings): Tree {
  if ('text' in tree) return tree;
  if ('items' in tree) return { items: changeList(tree.items, chosen, change, (value) => value) };
  return {
    members: changeList(tree.members, chosen, change, ([, value], key) => [key, value]),
  };
}

function changeList<T>(
  list: readonly T[],
  chosen: number,
  change: AmongSiblings,
  withKey: (item: T, key: string) => T,
): T[] {
  const item = list[chosen] as T;
  const [before, after] = [list.slice(0, chosen), list.slice(chosen + 1)];
  switch (change.do) {
    case 'remove':
      return [...before, ...after];
    case 'rename':
      return [...before, withKey(item, change.key), ...after];
    case 'repeat': {
      const { key, times } = change;
      const again = key === null ? item : withKey(item, key);
      return [...before, item, ...new Array<T>(times).fill(again), ...after];
    }
    case 'swap': {
      const swapped = [...list];
      const other = change.other % list.length;
      swapped[chosen] = list[other] as T;
      swapped[other] = item;
      return swapped;
    }
  }
}
