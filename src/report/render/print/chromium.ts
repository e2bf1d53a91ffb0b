import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { inflate } from '@sparticuz/chromium';
import { type Browser, launch } from 'puppeteer-core';
import { assetPath } from './assets.ts';
import { chromiumPaths, isProgram, type ProgramPlaces } from './installed-chromium.ts';
import { PrintError, withTimeout } from './print-error.ts';
import { privateFolder } from './private-folder.ts';
import { makeProfile, type Profile } from './profile.ts';

/**
 * Starts and ends Chromium, and never leaves a process behind. Chromium runs without its sandbox, which works neither as
 * root nor on Lambda; pdf.ts isolates the page instead.
 */

/** Without font hinting, letters keep their designed distances on paper. */
const ARGUMENTS = ['--no-sandbox', '--font-render-hinting=none'];

/**
 * Arguments that the bundled Chromium needs on Lambda, from those of @sparticuz/chromium. A single process is faster and
 * leaves no children behind; without a GPU no graphics libraries are needed.
 */
const BUNDLED_ARGUMENTS = [
  '--single-process',
  '--no-zygote',
  '--disable-gpu',
  '--disable-software-rasterizer',
];

const START_TIMEOUT_MS = 30_000;

/** A running Chromium. */
export interface Chromium {
  readonly browser: Browser;
  readonly profile: Profile;
}

export interface ChromiumOptions {
  /** The only Chromium or Chrome to try. Default: the bundled one, then those that are installed. */
  executablePath?: string | undefined;
  /** Where installed programs can be. */
  places?: ProgramPlaces | undefined;
  /** Timeout of the start of each one. Default: half a minute. */
  startTimeoutMs?: number | undefined;
}

/**
 * Starts a Chromium. One that does not start in time is killed.
 * @throws PrintError the first one, if none starts
 */
export async function startChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const { executablePath, places = {}, startTimeoutMs = START_TIMEOUT_MS } = options;
  if (executablePath !== undefined) return await launchChromium(executablePath, ARGUMENTS, startTimeoutMs);
  let failure: unknown;
  if (hasBundledChromium()) {
    try {
      const path = await bundledChromium();
      return await launchChromium(path, [...ARGUMENTS, ...BUNDLED_ARGUMENTS], startTimeoutMs);
    } catch (error) {
      // For example without glibc, or in a container that lacks its libraries.
      failure = error;
    }
  }
  for (const path of chromiumPaths(places, process.platform)) {
    if (!(await isProgram(path))) continue;
    try {
      return await launchChromium(path, ARGUMENTS, startTimeoutMs);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new PrintError('missing', NO_CHROMIUM);
}

const NO_CHROMIUM =
  'There is no Chromium to print the PDF; install Chromium, Google Chrome or Microsoft Edge, name one with --chromium, or leave out the PDF with --format html,json';

async function launchChromium(
  path: string,
  parameters: readonly string[],
  timeoutMs: number,
): Promise<Chromium> {
  if (!(await isProgram(path))) throw new PrintError('missing', `There is no program to run at ${path}`);
  const profile = await makeProfile().catch((error) => {
    throw new PrintError('start', `Chromium needs a temporary folder: ${firstLine(error)}`, { cause: error });
  });
  const giveUp = new AbortController();
  const launched = launch({
    executablePath: path,
    userDataDir: profile.path,
    headless: 'shell',
    args: [...parameters],
    timeout: timeoutMs,
    // Kills Chromium, with all of its processes.
    signal: giveUp.signal,
    // With a pipe instead of a port, nobody else can connect, and Chromium always ends with this process.
    pipe: true,
    // The program handles signals itself; Puppeteer would keep it from ending.
    handleSIGTERM: false,
    handleSIGHUP: false,
    // The caller has its own timeouts.
    protocolTimeout: 0,
  });
  try {
    // Puppeteer may wait forever for a Chromium that ended during its start.
    const browser = await withTimeout(timeoutMs, launched, 'no answer');
    profile.removeAtExit();
    return { browser, profile };
  } catch (error) {
    giveUp.abort();
    launched.then(
      (browser) => stopChromium({ browser, profile }),
      () => undefined,
    );
    await profile.remove();
    const reason = (await failureReason(path)) ?? firstLine(error);
    throw new PrintError('start', `Chromium at ${path} does not start: ${reason}`, { cause: error });
  }
}

/** Asks Chromium to end, kills it after two seconds, and removes its profile. */
export async function stopChromium({ browser, profile }: Chromium): Promise<void> {
  const running = browser.process();
  const closed = browser.close().catch(() => undefined);
  await Promise.race([closed, delay(2_000, undefined, { ref: false })]);
  if (running?.pid && running.exitCode === null && running.signalCode === null) {
    // Kills the whole process group, which Puppeteer created; Windows has none.
    if (process.platform === 'win32') running.kill();
    else process.kill(-running.pid, 'SIGKILL');
  }
  await closed;
  await profile.remove();
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
 * Unpacks Chromium once for each version and machine. It writes to a temporary name first, unlike @sparticuz/chromium,
 * which may use a file that another process is still writing, that an interrupted one left, that has another version,
 * or that belongs to another user.
 */
async function unpack(): Promise<string> {
  const archive = archivePath('chromium.br');
  // Chromium creates another folder next to itself, so it gets a separate folder. The size of the archive identifies its version.
  const folder = privateFolder(`chromium-${(await stat(archive)).size}`);

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
  // Only Lambda uses these (4 MB together), through variables that the package sets. They come after Chromium, because
  // inflate() ends the whole program where it cannot write.
  await Promise.all((['fonts.tar.br', 'al2023.tar.br'] as const).map((name) => inflate(archivePath(name))));
  return path;
}

/** The package has a Chromium for Linux on x64 only, and is installed only where optional packages are. */
function hasBundledChromium(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    return existsSync(archivePath('chromium.br'));
  } catch {
    return false;
  }
}

/** Archives of @sparticuz/chromium that are needed. The software renderer for WebGL is switched off. */
export const CHROMIUM_ARCHIVES = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'] as const;

/** Returns the path of an archive. The package exports only its code, which is next to the folder of the archives. */
export function archivePath(name: (typeof CHROMIUM_ARCHIVES)[number]): string {
  return assetPath(name, () => new URL(`../bin/${name}`, import.meta.resolve('@sparticuz/chromium')).href);
}

/** Returns the message of the system's loader, such as a missing library, which Puppeteer does not report. */
async function failureReason(path: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(path, ['--version', '--no-sandbox'], { timeout: 5_000 });
    return undefined;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return stderr?.trim().split('\n')[0] || firstLine(error);
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
