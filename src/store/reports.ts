import { resolve } from 'node:path';
import { readFact, type Workspace, writeFact } from './workspace.js';

const FACT = 'reports';

/** Every file that a report of this workspace was written to: they show faces, and may have to be removed one day. */
export const writtenReports = (workspace: Workspace): string[] =>
  JSON.parse(readFact(workspace, FACT) ?? '[]') as string[];

export function rememberReport(workspace: Workspace, file: string): void {
  const known = writtenReports(workspace);
  if (!known.includes(resolve(file))) writeFact(workspace, FACT, JSON.stringify([...known, resolve(file)]));
}
