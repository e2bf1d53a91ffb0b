import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { chromiumPaths, isProgram } from '../../../../src/report/render/print/installed-chromium.ts';

it('looks for the shell first, in the folders of the PATH', () => {
  const paths = chromiumPaths({ PATH: '/usr/bin:relative::/snap/bin:/usr/bin' }, 'linux');
  expect(paths.slice(0, 4)).toEqual([
    '/usr/bin/chromium-headless-shell',
    '/snap/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/snap/bin/chromium',
  ]);
  expect(paths).toContain('/usr/bin/google-chrome');
  expect(new Set(paths).size).toBe(paths.length);
  // The current folder may be of another user.
  expect(paths.filter((path) => !path.startsWith('/'))).toEqual([]);
  expect(chromiumPaths({}, 'linux')).toEqual([]);
});

it('looks for applications on macOS before the PATH', () => {
  const paths = chromiumPaths({ PATH: '/opt/homebrew/bin' }, 'darwin');
  expect(paths.slice(0, 2)).toEqual([
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    `${homedir()}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
  ]);
  expect(paths.at(-1)).toBe('/opt/homebrew/bin/microsoft-edge');
});

it('looks for programs of all users and of one on Windows', () => {
  const places = {
    ProgramFiles: 'C:\\Program Files',
    'ProgramFiles(x86)': 'C:\\Program Files (x86)',
    LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local',
  };
  const paths = chromiumPaths(places, 'win32');
  expect(paths).toContain('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe');
  expect(paths).toContain('C:\\Users\\me\\AppData\\Local\\Chromium\\Application\\chrome.exe');
  expect(paths.at(-2)).toBe('C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe');
});

it('takes only files that can be run', async () => {
  expect(await Promise.all([process.execPath, import.meta.filename, '/tmp', '/none'].map(isProgram))).toEqual(
    [true, false, false, false],
  );
});
