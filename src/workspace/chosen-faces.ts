import type { CroppedImage } from '../core/records.js';
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
export function chosenFaceOf(workspace: Workspace, images: readonly CroppedImage[]): Map<number, number> {
  const chosen = new Map(chosenFaces(workspace));
  return new Map(
    images.flatMap(({ id, path }) => {
      const face = chosen.get(path);
      return face === undefined ? [] : [[id, face] as const];
    }),
  );
}

/** What a sift run heeds of the choices of faces; absent where nobody chose one, so that keys stay as they were. */
export const facesHeeded = (workspace: Workspace, images: readonly { path: string }[]): ChosenFace[] | undefined => {
  const paths = new Set(images.map(({ path }) => path));
  const chosen = chosenFaces(workspace).filter(([path]) => paths.has(path));
  return chosen.length === 0 ? undefined : chosen;
};

/** Whether faces were chosen, or choices taken back, since sift run `run`. @param images that are there now */
export function facesChangedSince(workspace: Workspace, run: Run, images: readonly { path: string }[]): boolean {
  const then = (run.inputs as { faces?: ChosenFace[] } | null)?.faces ?? [];
  const paths = new Set(images.map(({ path }) => path));
  const heeded = then.filter(([path]) => paths.has(path));
  return JSON.stringify(heeded) !== JSON.stringify(facesHeeded(workspace, images) ?? []);
}
