/**
 * Asks about each item and yields the answers in the order of the items, while the questions about the next items are
 * already under way.
 * @param ahead about how many items it asks beyond the one whose answer is awaited. Their answers wait in memory.
 */
export async function* inOrder<Item, Answer>(
  items: readonly Item[],
  ahead: number,
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const waiting: Promise<Answer>[] = [];
  for (const item of items) {
    const answer = ask(item);
    // If an earlier answer fails, nobody awaits this one, and its own failure must not end the process.
    answer.catch(() => undefined);
    waiting.push(answer);
    if (waiting.length > ahead) yield await (waiting.shift() as Promise<Answer>);
  }
  for (const answer of waiting) yield await answer;
}
