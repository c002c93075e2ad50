import { existsSync, readFileSync } from 'node:fs';
import { FormatError, PathError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { verdictNames, type VerdictName, verdictSchema } from '../core/records.js';
import { croppedImages } from '../store/images.js';
import { giveVerdicts, type Verdict } from '../store/verdicts.js';
import type { Workspace } from '../store/workspace.js';
import { formatOfFile } from './formats.js';
import { isIdentityName } from './identity-name.js';

export interface ImportResult {
  /** Rows with a verdict on an image of this workspace. */
  rows: number;
  /** Of these, the verdicts that changed something: importing the same file twice changes nothing. */
  changed: number;
  /** Rows whose path is none of ours. */
  unknown: number;
  unknownPaths: string[];
}

/**
 * Takes the `verdict` column of an exported and filled-in file: keep, hard, drop, duplicate, or relabel (to the row's
 * `suggested_identity`). Rows without a verdict say nothing. All of the file is taken, or none.
 * @throws PathError, FormatError
 */
export function importDecisions(workspace: Workspace, file: string, reviewer: string): ImportResult {
  if (!existsSync(file)) throw new PathError(`There is no file "${file}".`, ['Check the path.']);
  const rows = formatOfFile(file).read(readFileSync(file, 'utf8'), file);
  const given = rows
    .map((row, i) => verdictOf(row, `${file}, row ${i + 1}`))
    .filter((verdict) => verdict !== undefined);
  const known = new Set(croppedImages(workspace).map(({ path }) => path));
  const unknownPaths = given.map(({ path }) => path).filter((path) => !known.has(path));
  const ours = given.filter(({ path }) => known.has(path));
  const changed = giveVerdicts(workspace, ours, reviewer);
  return { rows: ours.length, changed, unknown: unknownPaths.length, unknownPaths };
}

function verdictOf(row: Record<string, string>, place: string): Verdict | undefined {
  if (row.path === undefined || row.verdict === undefined)
    throw new FormatError(`${place}: the columns "path" and "verdict" are needed.`, [
      'Start from `facesieve decisions export` and fill in the verdict column.',
    ]);
  const word = row.verdict.trim();
  if (word === '') return undefined;
  const parsed = verdictSchema.safeParse(word);
  if (!parsed.success)
    throw new FormatError(
      `${place}: "${word}" is no verdict; ${verdictNames.join(', ')} are.`,
      suggestName(word, verdictNames),
    );
  return { path: row.path, verdict: parsed.data, identity: targetOf(row, parsed.data, place) };
}

function targetOf(row: Record<string, string>, verdict: VerdictName, place: string): string | null {
  if (verdict !== 'relabel') return null;
  const target = row.suggested_identity ?? '';
  if (!isIdentityName(target))
    throw new FormatError(`${place}: a relabel needs the identity's name in "suggested_identity".`);
  return target;
}
