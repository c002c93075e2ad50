import { isAbsolute, relative, resolve, sep } from 'node:path';
import { FacesieveError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import type { NameVerdict } from '../../identities/names/name-verdicts.js';
import type { CropFacts, DecisionName, Evidence, IdentityVerdict } from '../../core/records.js';
import { currentIdentityVerdicts } from '../../workspace/identity-verdicts.js';
import { allImages, factsOf } from '../../workspace/images.js';
import { type FaceBox, facesOfImage } from '../../workspace/face-boxes.js';
import type { DecidedImage } from '../../core/decided-image.js';
import { readPurifiedList } from '../../workspace/purified-list.js';
import type { GivenVerdict } from '../../core/decided-image.js';
import { requireFact, type Workspace } from '../../workspace/workspace.js';

/** The image asked about is not one of this workspace. */
export class UnknownImageError extends FacesieveError {}

export interface Explanation {
  image: string;
  identity: string;
  decision: DecisionName;
  reason: string;
  suggestedIdentity: string | null;
  pNoise: number | null;
  signals: Evidence;
  /** What the crop looks like, and where its face lies in the image. */
  picture: CropFacts | null;
  /** Boxes of all faces that were found in it, in pixels of the file, in the order of their numbers. */
  faces: FaceBox[];
  verdict: GivenVerdict | null;
  /** What its name is called now, and under whom the image is in the purified set; null when it is left out. */
  name: string;
  finalIdentity: string | null;
  /** The verdicts on names that gave it that name, in order. */
  nameVerdicts: { verdict: NameVerdict; reviewer: string; givenAt: string }[];
  /** What a person said of its name as a whole. */
  identityVerdict: IdentityVerdict | null;
  run: string;
}

/**
 * Why `image` got its decision: its path below the source, any path that leads there, or a file name that one image has.
 * @throws UnknownImageError if no image, or several, are called so
 */
export function explain(workspace: Workspace, image: string): Explanation {
  const { images, siftRun, dataset, names } = readPurifiedList(workspace);
  const found =
    images.find(({ path }) => candidates(image, dataset.source).includes(path)) ?? byFileName(image, images);
  if (!found) throw unknownImage(workspace, image, images);
  const { path, decision, reason, suggestedIdentity, pNoise, evidence, verdict, name, finalIdentity } = found;
  const { identity, slot } = found.image;
  return {
    image: path,
    identity,
    decision,
    reason,
    suggestedIdentity,
    pNoise,
    signals: evidence,
    picture: factsOf(workspace, slot) ?? null,
    faces: facesOfImage(workspace, path),
    verdict,
    ...{ name, finalIdentity },
    nameVerdicts: names
      .verdictsOn(path)
      .map(({ verdict: said, reviewer, givenAt }) => ({ verdict: said, reviewer, givenAt })),
    identityVerdict: currentIdentityVerdicts(workspace).get(identity) ?? null,
    run: siftRun,
  };
}

/** The image whose file is called `name`. @throws UnknownImageError if several are */
function byFileName(name: string, images: readonly DecidedImage[]): DecidedImage | undefined {
  if (name.includes('/')) return undefined;
  const found = images.filter(({ path }) => path.endsWith(`/${name}`));
  if (found.length < 2) return found[0];
  throw new UnknownImageError(`${found.length} images are called "${name}".`, [
    ...found.slice(0, 3).map(({ path }) => `facesieve explain "${path}"`),
  ]);
}

const candidates = (image: string, source: string): string[] => {
  const below = relative(source, resolve(image)).split(sep).join('/');
  return isAbsolute(image) ? [below] : [image, below];
};

function unknownImage(workspace: Workspace, image: string, images: readonly DecidedImage[]): UnknownImageError {
  const wanted = candidates(image, requireFact(workspace, 'source', 'ingest SOURCE'));
  const unreadable = allImages(workspace).find(({ path, slot }) => slot === null && wanted.includes(path));
  if (unreadable)
    return new UnknownImageError(
      `"${unreadable.path}" could not be read, so nothing was decided: ${unreadable.error}.`,
    );
  return new UnknownImageError(
    `"${image}" is not an image of this workspace.`,
    suggestName(
      image,
      images.map(({ path }) => path),
    ),
  );
}
