import { FormatError } from '../core/errors.js';
import type { AnsweredVerdict } from '../formats/annotations/answered-verdicts.js';
import { findDecision } from '../workspace/decisions.js';
import { facesOfImage } from '../workspace/face-boxes.js';
import { currentKey } from '../workspace/stage.js';
import { currentVerdicts } from '../workspace/verdicts.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * Returns the face that an imported verdict chooses; undefined where it chooses none: exports name the face of every row, so
 * that only one chooses which says `wrong-face`, or is about another face than the chosen or judged one.
 */
export function faceFinder(workspace: Workspace): (verdict: AnsweredVerdict) => number | undefined {
  const held = currentVerdicts(workspace);
  const run = currentKey(workspace, 'sift');
  return (verdict) => {
    const { path, face } = verdict;
    if (face === null) return undefined;
    const isChoice = verdict.verdict === 'wrong-face';
    const found = facesOfImage(workspace, path).length;
    if (found === 0 && !isChoice) return undefined;
    if (face >= found) throw noSuchFace(verdict, face, found);
    const chosen = held.get(path)?.face ?? null;
    const judged = run === undefined ? null : (findDecision(workspace, run, path)?.evidence.face ?? null);
    return isChoice || face !== (chosen ?? judged ?? face) ? face : undefined;
  };
}

function noSuchFace({ place, path }: AnsweredVerdict, face: number, found: number): FormatError {
  const faces = found === 0 ? 'no face was found in it' : `it has ${found === 1 ? 'one face' : `${found} faces`}`;
  return new FormatError(`${place}: there is no face ${face + 1} in "${path}": ${faces}.`, [
    'The numbers are those of this workspace: `facesieve explain IMAGE` tells them, the review page shows them (Z).',
    'Faces are found with `ingest --align auto`, of a photograph 8 at most.',
  ]);
}
