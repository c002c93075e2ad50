import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { shred } from '../core/shred.js';
import { writtenReports } from '../store/reports.js';
import type { Workspace } from '../store/workspace.js';

/** Folders of things that are made again when they are asked for. */
const madeAgain = ['index', 'reports', 'thumbnails'];
/** Where an interrupted stage may have left something half written. */
const folders = ['.', 'crops', 'checkpoints', 'embeddings'];

const inside = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** How many files there are of reports, thumbnails and stored indexes, reports that were written elsewhere included. */
export const countDerived = (workspace: Workspace): number =>
  reportsElsewhere(workspace).length +
  madeAgain
    .map((name) => workspace.file(name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory()).length;

const reportsElsewhere = (workspace: Workspace): string[] =>
  writtenReports(workspace).ours.filter((file) => !file.startsWith(workspace.folder + sep));

/** Deletes them, and whatever was interrupted. */
export function shredDerived(workspace: Workspace): void {
  for (const file of reportsElsewhere(workspace)) shred(file);
  for (const name of madeAgain) shred(workspace.file(name));
  for (const folder of folders.map((name) => workspace.file(name)))
    for (const name of inside(folder)) if (/\.(partial|tmp)$/.test(name)) shred(join(folder, name));
}

/** Purified sets that purify wrote and that are still there, inside the workspace and elsewhere. */
export function purifiedSets({ database, folder }: Workspace): { inside: string[]; outside: string[] } {
  const results = database.prepare("SELECT result FROM stages WHERE stage = 'purify'").pluck().all() as string[];
  const outs = results.flatMap((result) => (JSON.parse(result) as { out?: string }).out ?? []);
  const there = [...new Set([...outs, join(folder, 'purified')])].filter((out) => existsSync(out));
  const isInside = (out: string): boolean => out.startsWith(folder + sep);
  return { inside: there.filter(isInside), outside: there.filter((out) => !isInside(out)) };
}
