type Write = typeof process.stdout.write;

export type CapturedOutput = {
  /** Everything that was written since the last `clear`. */
  text(): string;
  clear(): void;
  /** Writes a line to the real standard output. */
  print(text: string): void;
  restore(): void;
};

/** Keeps what this process writes instead of writing it. */
export function captureOutput(): CapturedOutput {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let kept: string[] = [];
  for (const stream of streams)
    stream.write = ((data: string | Uint8Array, ...rest: unknown[]) => {
      kept.push(typeof data === 'string' ? data : Buffer.from(data).toString());
      const callback = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      callback?.();
      return true;
    }) as Write;
  return {
    text: () => kept.join(''),
    print: (text: string) => void writes[0]?.call(process.stdout, `${text}\n`),
    clear: () => {
      kept = [];
    },
    restore: () => {
      for (const [index, stream] of streams.entries()) stream.write = writes[index] as Write;
    },
  };
}
