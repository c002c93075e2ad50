import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { sha256 } from '../../core/fingerprint.js';
import { shred } from '../../core/shred.js';
import { syncFolder } from '../../core/durable.js';
import { writtenReports } from '../reports.js';
import { INDEX_FOLDER, type Workspace } from '../workspace.js';
import type { Plan } from './plan.js';

/** Folders of things that are made again when they are asked for. */
export const madeAgain = [INDEX_FOLDER, 'reports', 'thumbnails'];
/** Where an interrupted stage may have left something half written. */
const folders = ['.', 'crops', 'checkpoints', 'embeddings'];
/** What a file is called while it waits to take an old one's place, or to be deleted. */
export const BESIDE = '.forgetting';
/** A file that purify leaves in every set (purified-set/existing-set.ts). */
const SET_MARK = '.facesieve-purified';

const inside = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** How many files there are of reports, thumbnails and stored indexes, reports that were written elsewhere included. */
export const countDerived = (workspace: Workspace): number =>
  reportsElsewhere(workspace).length +
  madeAgain
    .map((name) => workspace.file(name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory()).length;

/** Reports outside of the workspace that are there as they were written. */
export const reportsElsewhere = (workspace: Workspace): Plan['reports'] =>
  writtenReports(workspace)
    .ours.filter((file) => !file.startsWith(workspace.folder + sep))
    .map((file) => ({ file, sha256: sha256(readFileSync(file)) }));

/** Deletes them, the purified sets, and whatever was interrupted. */
export function shredDerived(workspace: Workspace, { reports, sets }: Pick<Plan, 'reports' | 'sets'>): void {
  for (const report of reports) shredReport(report);
  for (const path of [...sets, ...madeAgain].map((name) => workspace.file(name))) {
    shred(path);
    if (existsSync(dirname(path))) syncFolder(dirname(path));
  }
  for (const folder of folders.map((name) => workspace.file(name)))
    for (const name of inside(folder)) if (/\.(partial|tmp|forgetting)$/.test(name)) shred(join(folder, name));
  for (const folder of folders.map((name) => workspace.file(name))) if (existsSync(folder)) syncFolder(folder);
}

/** It is renamed first: what was half overwritten when the power went is still known to be ours, and what somebody put there is not touched. */
function shredReport({ file, sha256: hash }: Plan['reports'][number]): void {
  const claimed = file + BESIDE;
  if (existsSync(file) && !existsSync(claimed) && sha256(readFileSync(file)) === hash) renameSync(file, claimed);
  shred(claimed);
  if (existsSync(dirname(file))) syncFolder(dirname(file));
}

/** Purified sets that are still there: inside the workspace, below it, and elsewhere, whole paths. */
export function purifiedSets({ database, folder }: Workspace): { inside: string[]; outside: string[] } {
  const results = database.prepare("SELECT result FROM stages WHERE stage = 'purify'").pluck().all() as string[];
  const outs = results.flatMap((result) => (JSON.parse(result) as { out?: string }).out ?? []);
  const there = [...new Set([...outs, join(folder, 'purified')])].filter((out) => existsSync(join(out, SET_MARK)));
  const isInside = (out: string): boolean => out.startsWith(folder + sep);
  return {
    inside: there.filter(isInside).map((out) => relative(folder, out)),
    outside: there.filter((out) => !isInside(out)),
  };
}
