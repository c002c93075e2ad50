import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sha256 } from '../core/fingerprint.js';
import { deleteFact, readFact, type Workspace, writeFact } from './workspace.js';

const FACT = 'reports';

/** Files that reports of this workspace were written to, and the hash of what was: they show faces, and may have to be removed one day. */
const written = (workspace: Workspace): Record<string, string> =>
  JSON.parse(readFact(workspace, FACT) ?? '{}') as Record<string, string>;

export const rememberReport = (workspace: Workspace, file: string, text: string): void =>
  writeFact(workspace, FACT, JSON.stringify({ ...written(workspace), [resolve(file)]: sha256(Buffer.from(text)) }));

/** Reports that are still there as they were written, and files that somebody changed since or put in their place. */
export function writtenReports(workspace: Workspace): { ours: string[]; changed: string[] } {
  const there = Object.entries(written(workspace)).filter(([file]) => existsSync(file));
  const isOurs = ([file, hash]: [string, string]): boolean => sha256(readFileSync(file)) === hash;
  return {
    ours: there.filter(isOurs).map(([file]) => file),
    changed: there.filter((one) => !isOurs(one)).map(([file]) => file),
  };
}

export const forgetReports = (workspace: Workspace): void => deleteFact(workspace, FACT);
