import { EmptyInputError } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { withoutApostrophe } from '../formats/spreadsheet-cell.js';
import { findDecision } from '../workspace/decisions.js';
import { croppedImages } from '../workspace/images.js';
import { faceFinder } from './imported-faces.js';
import { currentVerdicts, giveVerdicts } from '../workspace/verdicts.js';
import { giveNameVerdicts } from '../workspace/name-verdicts.js';
import { readFact, type Workspace } from '../workspace/workspace.js';
import {
  type AnsweredVerdict,
  answeredVerdicts,
  withoutContradictions,
} from '../formats/annotations/answered-verdicts.js';
import { readName } from '../formats/annotations/apostrophes.js';
import { formatOfFile } from '../formats/annotations/formats.js';
import { ImportedFile } from '../formats/annotations/imported-file.js';
import { refuseEditedDecisions } from '../formats/annotations/edited-decisions.js';
import { pathFinder } from '../formats/annotations/known-paths.js';
import { isNamesFile, namesFileBeside, readNamesFile } from '../formats/annotations/names-file.js';

export interface ImportResult {
  /** Images of this workspace that the file has a verdict on. */
  rows: number;
  /** Of these, the verdicts that changed something: importing the same file twice changes nothing. */
  changed: number;
  /** Of those, verdicts on names: out of the file itself or of `FILE-names.json` beside it. */
  names: number;
  /** Verdicts on what is not an image of this workspace. */
  unknown: number;
  unknownPaths: string[];
  /** Names that relabels go to and no image of the set has: a new person, or a typo of the name that is nearest. */
  newNames: { name: string; images: number; nearest: string | null }[];
}

/**
 * Takes the verdicts out of a filled-in table or what an annotation tool exported (docs/exchange.md): keep, hard, drop,
 * duplicate, relabel to a named identity, or the number of the face to judge. What says nothing changes nothing. All of the file is taken, or none.
 * @param reviewer whose they are, where the file names nobody
 * @param urlPrefix what the export was told to put in front of paths
 * @throws PathError, FormatError, EmptyInputError when it has verdicts and none is on an image of this workspace
 */
export async function importDecisions(
  workspace: Workspace,
  file: string,
  reviewer: string,
  urlPrefix = '',
): Promise<ImportResult> {
  const imported = new ImportedFile(file);
  if (isNamesFile(imported)) {
    const names = giveNameVerdicts(workspace, readNamesFile(imported), reviewer);
    return { rows: 0, changed: names, names, unknown: 0, unknownPaths: [], newNames: [] };
  }
  const beside = namesFileBeside(imported);
  const onNames = beside ? readNamesFile(beside) : []; // all of both files is read before any of it is stored
  const answers = await formatOfFile(imported).read(imported);
  const images = croppedImages(workspace);
  refuseEditedDecisions(answers, (run, path) => findDecision(workspace, run, path)?.decision);
  const paths = images.map(({ path }) => path);
  const targetOf = targetFinder(workspace, images);
  const pathOf = pathFinder(paths, readFact(workspace, 'source') ?? '', urlPrefix);
  const placed = answeredVerdicts(answers).map((verdict) => ({
    verdict: { ...verdict, target: targetOf(verdict) },
    path: pathOf(verdict),
  }));
  const unknownPaths = [...new Set(placed.filter(({ path }) => path === undefined).map(({ verdict }) => verdict.path))];
  const ours = withoutContradictions(placed.flatMap(({ verdict, path }) => (path ? [{ ...verdict, path }] : [])));
  if (ours.length === 0 && onNames.length === 0 && unknownPaths.length > 0)
    throw nothingLands(file, unknownPaths, paths);
  const faceOf = faceFinder(workspace);
  const chosen = ours.map(faceOf); // before anything is stored: a face that is not there refuses the file
  const newNames = unknownTargets(ours, images);
  const names = giveNameVerdicts(workspace, onNames, reviewer);
  const changed = giveVerdicts(
    workspace,
    ours.map(({ path, verdict, target, reviewer: named }, i) => ({
      ...{ path, verdict, identity: target, reviewer: named, face: chosen[i] },
    })),
    reviewer,
  );
  return { rows: ours.length, changed: changed + names, names, unknown: unknownPaths.length, unknownPaths, newNames };
}

/** Whether verdicts on names are in `file`, or in the file of names beside it. */
export function holdsNameVerdicts(file: string): boolean {
  const imported = new ImportedFile(file);
  const names = isNamesFile(imported) ? imported : namesFileBeside(imported);
  return names !== undefined && readNamesFile(names).length > 0;
}

const nothingLands = (file: string, unknownPaths: readonly string[], paths: readonly string[]): EmptyInputError =>
  new EmptyInputError(
    `No verdict of "${file}" is on an image of this workspace: the file names "${unknownPaths[0]}", the workspace "${paths[0]}".`,
    [
      'If the tool put something in front of every path, name it with --url-prefix.',
      'If it is of another workspace, name that with --workspace.',
      ...(unknownPaths.some((path) => withoutApostrophe(path) !== undefined)
        ? [
            'Paths that begin with an apostrophe, as --spreadsheet-safe writes them, are not images of this workspace either.',
          ]
        : []),
    ],
  );

/** Names of relabels that no image has. @param verdicts on images of this workspace */
function unknownTargets(
  verdicts: readonly AnsweredVerdict[],
  images: readonly { identity: string }[],
): ImportResult['newNames'] {
  const known = [...new Set(images.map(({ identity }) => identity))];
  const counts = new Map<string, number>();
  for (const { target } of verdicts)
    if (target !== null && !known.includes(target)) counts.set(target, (counts.get(target) ?? 0) + 1);
  return [...counts].map(([name, images]) => ({ name, images, nearest: nearestName(name, known) ?? null }));
}

/** Whom a relabel goes to: a known name in either reading of its apostrophe, else a new name. */
function targetFinder(
  workspace: Workspace,
  images: readonly { identity: string }[],
): (verdict: AnsweredVerdict) => string | null {
  const given = [...currentVerdicts(workspace).values()].flatMap(({ identity }) => identity ?? []);
  const known = new Set([...images.map(({ identity }) => identity), ...given]);
  const find = (name: string): string | undefined => (known.has(name.trim()) ? name.trim() : undefined);
  return (verdict) => {
    if (verdict.target === null) return null;
    const isNew = verdict.apostrophes === 'added' ? withoutApostrophe(verdict.target)?.trim() : undefined;
    return readName(verdict.target, verdict, find) ?? isNew ?? verdict.target;
  };
}
