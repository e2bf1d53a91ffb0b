import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Finds the Chromium, Chrome or Edge of a machine. */

/** The variables of the environment that name folders with programs: PATH; on Windows those of its program folders. */
export type ProgramPlaces = Readonly<Record<string, string | undefined>>;

/**
 * Names on the PATH of Linux: those of Debian and Fedora, of Ubuntu's snap and Alpine, and of Google's and Microsoft's
 * packages. The shell comes first, because it is made for printing.
 */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];

/** Applications of macOS. */
const APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

const WINDOWS_PROGRAMS = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
];

/** Where Windows installs programs for all users and for one. */
const WINDOWS_FOLDERS = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'];

/** Returns where a system can have such programs, the path to try first first. */
export function chromiumPaths(places: ProgramPlaces, platform: NodeJS.Platform): string[] {
  if (platform === 'win32')
    return WINDOWS_PROGRAMS.flatMap((program) =>
      WINDOWS_FOLDERS.flatMap((name) => {
        const folder = places[name];
        return folder ? [win32.join(folder, program)] : [];
      }),
    );
  const folders = (places['PATH'] ?? '').split(':').filter((folder) => posix.isAbsolute(folder));
  const applications = APPLICATIONS.flatMap((name) =>
    ['/', homedir()].map((start) => posix.join(start, `Applications/${name}.app/Contents/MacOS/${name}`)),
  );
  const paths = [
    ...(platform === 'darwin' ? applications : []),
    ...NAMES.flatMap((name) => folders.map((folder) => posix.join(folder, name))),
  ];
  return [...new Set(paths)];
}

/** Whether there is a program to run at this path. */
export async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
