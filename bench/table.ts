/** Prints what bench/run.ts measured as tables of Markdown. */
import { sum } from 'd3-array';
import type { CurlTimes } from './curl.ts';
import type { Measurement } from './measure.ts';
import type { LoggedRequest } from './replay/start.ts';
import type { StagesRun } from './stages.ts';

/** Later reports of the same process, each with its references measured in between. */
type Round = {
  gather: Measurement;
  run: StagesRun;
  curl: CurlTimes;
  compressedCurl: CurlTimes;
  barePrintSeconds: number;
};

export type Result = {
  requests: readonly LoggedRequest[];
  /** The first report of a process, and the first gathering of another. */
  first: StagesRun & { gather: Measurement };
  rounds: Round[];
};

/** Prints the ratios first: they depend less on the machine than the times. */
export function printTable(title: string, { requests, first, rounds }: Result): void {
  const best = (pick: (round: Round) => number) => Math.min(...rounds.map(pick));
  const times = (pick: (round: Round) => CurlTimes): CurlTimes => ({
    seconds: best((round) => pick(round).seconds),
    processorSeconds: best((round) => pick(round).processorSeconds),
  });
  const gather = times((round) => round.gather);
  const report = times(({ run }) => run.stages.report);
  const html = times(({ run }) => run.stages.HTML);
  const pdf = times(({ run }) => run.stages.PDF);
  const curl = times((round) => round.curl);
  const compressedCurl = times((round) => round.compressedCurl);
  const barePrint = best(({ barePrintSeconds }) => barePrintSeconds);

  write(`\n${title}, ${requests.length} requests, Node ${process.version}\n`);
  line('ratio', 'time', 'processor time');
  line('---', '---:', '---:');
  const subjects = [['gather', gather] as const, ['report', report] as const];
  const references = [['curl', curl] as const, ['curl --compressed', compressedCurl] as const];
  for (const [subject, own] of subjects)
    for (const [name, other] of references)
      line(
        `${subject} / ${name}`,
        ratio(own.seconds, other.seconds),
        ratio(own.processorSeconds, other.processorSeconds),
      );
  line('PDF / bare Chromium', ratio(pdf.seconds, barePrint), '');
  write('');
  line('stage', 'first, s', 'warm, s', 'warm, processor s', 'peak memory, MiB');
  line('---', '---:', '---:', '---:', '---:');
  // The memory is that of the first run: in later runs, every stage would include what the others left.
  const stages = { gather: first.gather, ...first.stages };
  for (const [stage, warm] of [...subjects, ['HTML', html] as const, ['PDF', pdf] as const]) {
    const { seconds, peakMiB } = stages[stage];
    line(
      stage,
      seconds.toFixed(2),
      warm.seconds.toFixed(2),
      warm.processorSeconds.toFixed(2),
      peakMiB.toFixed(0),
    );
  }
  line('curl', '', curl.seconds.toFixed(2), curl.processorSeconds.toFixed(2), '');
  line(
    'curl --compressed',
    '',
    compressedCurl.seconds.toFixed(2),
    compressedCurl.processorSeconds.toFixed(2),
    '',
  );
  line('bare Chromium', '', barePrint.toFixed(2), '', '');
  write('');
  line('size', 'MB');
  line('---', '---:');
  line('answers', megabytes(sum(requests.map(({ bytes }) => bytes))));
  line('answers, gzip', megabytes(sum(requests.map(({ sentBytes }) => sentBytes))));
  line('report.json', megabytes(first.sizes.json));
  line('report.html', megabytes(first.sizes.html));
  line('report.pdf', megabytes(first.sizes.pdf));
}

function ratio(value: number, reference: number): string {
  return (value / reference).toFixed(2);
}

function line(...cells: string[]): void {
  write(`| ${cells.join(' | ')} |`);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
