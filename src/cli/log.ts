import { visible } from '../report/model/visible-text.ts';

/** The log of a server: one line for each event on standard error, as `key=value` pairs. */
export type Log = (level: 'info' | 'error', message: string, fields?: LogFields) => void;

export type LogFields = Readonly<Record<string, string | number | undefined>>;

export function openLog(now: () => Date): Log {
  return (level, message, fields = {}) => {
    const pairs = Object.entries({ time: now().toISOString(), level, msg: message, ...fields })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${quoted(String(value))}`);
    process.stderr.write(`${visible(pairs.join(' '))}\n`);
  };
}

/** Values with other characters are quoted as JSON, which also keeps them on one line. */
function quoted(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
