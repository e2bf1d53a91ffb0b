import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { inflate } from '@sparticuz/chromium';
import { type Browser, launch } from 'puppeteer-core';
import { assetPath } from './assets.ts';
import { PrintError } from './print-error.ts';

/**
 * Starting and ending Chromium, so that none is ever left behind.
 *
 * It runs without its own sandbox, which it refuses to have as root and cannot have on Lambda; pdf.ts shuts in the
 * page instead.
 */

/** The second one so that letters keep their designed distances on paper. */
const ARGUMENTS = ['--no-sandbox', '--font-render-hinting=none'];

/**
 * What the bundled Chromium needs on Lambda (see @sparticuz/chromium's arguments). In one process it is faster, too,
 * and leaves no children behind; without a graphics card it also needs none of the libraries for one.
 */
const BUNDLED_ARGUMENTS = [
  '--single-process',
  '--no-zygote',
  '--disable-gpu',
  '--disable-software-rasterizer',
];

const START_TIMEOUT_MS = 30_000;

/** Starts the bundled Chromium, or the one at `executablePath`. */
export async function startChromium(executablePath?: string): Promise<Browser> {
  const path = executablePath ?? (await bundledChromium());
  if (!(await isProgram(path))) throw new PrintError('missing', `There is no program to run at ${path}`);
  const browser = launch({
    executablePath: path,
    headless: 'shell',
    args: executablePath ? ARGUMENTS : [...ARGUMENTS, ...BUNDLED_ARGUMENTS],
    timeout: START_TIMEOUT_MS,
    // Instead of a port: nobody else can connect, and Chromium ends with this process however that ends.
    pipe: true,
    // The program's business: Puppeteer would close Chromium and keep the program from ending.
    handleSIGTERM: false,
    handleSIGHUP: false,
    // The caller has deadlines of its own.
    protocolTimeout: 0,
  });
  try {
    // Puppeteer can wait for ever for the answer of a Chromium that ended while it started.
    return await within(START_TIMEOUT_MS, browser);
  } catch (error) {
    browser.then(stopChromium, () => undefined);
    const reason = (await whyItDoesNotRun(path)) ?? firstLine(error);
    throw new PrintError('start', `Chromium at ${path} does not start: ${reason}`, { cause: error });
  }
}

/** Ends Chromium: politely, so that it takes its temporary files along; if it does not listen, by force. */
export async function stopChromium(browser: Browser): Promise<void> {
  const running = browser.process();
  const closed = browser.close().catch(() => undefined);
  await Promise.race([closed, delay(2_000, undefined, { ref: false })]);
  if (running?.pid && running.exitCode === null && running.signalCode === null) {
    // The whole process group, which Puppeteer makes for it.
    process.kill(-running.pid, 'SIGKILL');
  }
  await closed;
}

let unpacking: Promise<string> | undefined;

function bundledChromium(): Promise<string> {
  unpacking ??= unpack()
    .catch((error) => {
      throw new PrintError(
        'unpack',
        `Chromium cannot be unpacked into ${tmpdir()}, where it takes 210 MB: ${firstLine(error)}`,
        { cause: error },
      );
    })
    .finally(() => {
      unpacking = undefined;
    });
  return unpacking;
}

/**
 * Unpacks Chromium, once for each version and machine, under another name first. @sparticuz/chromium itself writes
 * to the final name and later takes whatever is there for whole: the half of another process, what an interrupted
 * one left, another version, or somebody else's program.
 */
async function unpack(): Promise<string> {
  const archive = archivePath('chromium.br');
  // A folder, as Chromium makes another one beside itself; the archive's size stands for its version.
  const folder = join(tmpdir(), `antrea-health-report-chromium-${(await stat(archive)).size}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await stat(folder)).uid !== process.getuid?.()) throw new Error(`${folder} is another user's`);

  const path = join(folder, 'chromium');
  if (!(await isProgram(path))) {
    const partial = `${path}.${process.pid}`;
    try {
      await pipeline(
        createReadStream(archive),
        createBrotliDecompress({ chunkSize: 2 ** 21 }),
        createWriteStream(partial, { mode: 0o700 }),
      );
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  }
  // Lambda alone looks there for them, by variables that the package sets. Small, 4 MB together, and after Chromium:
  // inflate() brings the whole program down where it may not write.
  await Promise.all((['fonts.tar.br', 'al2023.tar.br'] as const).map((name) => inflate(archivePath(name))));
  return path;
}

/** What unpack() needs of @sparticuz/chromium; without the software renderer for WebGL, which is switched off. */
export const CHROMIUM_ARCHIVES = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'] as const;

/** The package exports only its code, which lies beside the folder of its archives. */
export function archivePath(name: (typeof CHROMIUM_ARCHIVES)[number]): string {
  return assetPath(name, () => new URL(`../bin/${name}`, import.meta.resolve('@sparticuz/chromium')).href);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${milliseconds / 1000} s`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the system's loader says, such as which library is missing; Puppeteer only says that it ended. */
async function whyItDoesNotRun(path: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(path, ['--version', '--no-sandbox'], { timeout: 5_000 });
    return undefined;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return stderr?.trim().split('\n')[0] || firstLine(error);
  }
}

async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (found.mode & 0o111) !== 0;
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
