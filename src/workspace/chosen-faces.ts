import type { Run } from './runs.js';
import { currentVerdicts } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** A path and the number of the face, from 0, that a person chose in it. */
export type ChosenFace = [path: string, face: number];

/** Faces that people chose, by path. */
export const chosenFaces = (workspace: Workspace): ChosenFace[] =>
  [...currentVerdicts(workspace).values()].flatMap(({ path, face }) =>
    face === null ? [] : [[path, face] as ChosenFace],
  );

/** The same by the image's id, of images that are there. */
export function chosenFaceOf(
  workspace: Workspace,
  images: Iterable<{ id: number; path: string }>,
): Map<number, number> {
  const chosen = new Map(chosenFaces(workspace));
  const byId = new Map<number, number>();
  if (chosen.size === 0) return byId;
  for (const { id, path } of images) {
    const face = chosen.get(path);
    if (face !== undefined) byId.set(id, face);
  }
  return byId;
}

/** What a sift run heeds of the choices of faces; absent where nobody chose one, so that keys stay as they were. */
export const facesHeeded = (workspace: Workspace, images: Iterable<{ path: string }>): ChosenFace[] | undefined => {
  const chosen = ofImages(chosenFaces(workspace), images);
  return chosen.length === 0 ? undefined : chosen;
};

/** Those of `chosen` whose image is there: choices are few, and a Set of all paths would not hold those of a large set. */
function ofImages(chosen: readonly ChosenFace[], images: Iterable<{ path: string }>): ChosenFace[] {
  if (chosen.length === 0) return [];
  const gone = new Set(chosen.map(([path]) => path));
  for (const { path } of images) gone.delete(path);
  return chosen.filter(([path]) => !gone.has(path));
}

/** Whether faces were chosen, or choices taken back, since sift run `run`. @param images that are there now */
export function facesChangedSince(workspace: Workspace, run: Run, images: Iterable<{ path: string }>): boolean {
  const then = (run.inputs as { faces?: ChosenFace[] } | null)?.faces ?? [];
  return JSON.stringify(ofImages(then, images)) !== JSON.stringify(facesHeeded(workspace, images) ?? []);
}
