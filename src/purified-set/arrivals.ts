import { cropBytes } from '../core/crop-geometry.js';
import { CropReader } from '../images/crop-file.js';
import { encodePng } from '../images/encode.js';
import type { KeptImage } from '../workspace/purified-list.js';
import type { Arrival } from './arrange.js';
import type { Originals } from './originals.js';

/** Kept images with their original bytes. */
export const originalArrivals = (kept: readonly KeptImage[], originals: Originals): Arrival[] =>
  kept.map((image) => ({
    ...basics(image),
    name: nameOf(image),
    writtenSha256: image.image.sha256,
    file: originals.fileOf(image.image),
    read: () => originals.read(image.image),
  }));

/** Kept images as the crops that networks are trained on, PNG. */
export function cropArrivals(kept: readonly KeptImage[], cropFile: string, size: number): Arrival[] {
  const crops = new CropReader(cropFile, size);
  return kept.map((image) => ({
    ...basics(image),
    name: nameOf(image).replace(/\.[^./]*$/, '') + '.png',
    read: () => {
      const data = new Uint8Array(cropBytes(size));
      crops.readInto(image.image.slot, data);
      return encodePng({ data, width: size, height: size });
    },
  }));
}

const basics = ({ image, finalIdentity }: KeptImage) => ({
  from: image.path,
  identity: finalIdentity,
  sha256: image.sha256,
  moved: image.identity !== finalIdentity,
  foundUnder: image.identity,
});

/** The path below the folder that an identity has in most sources; all of it where there is none. */
function nameOf({ image: { path, identity } }: KeptImage): string {
  const segments = path.split('/');
  const at = segments.indexOf(identity);
  return segments.slice(at >= 0 && at < segments.length - 1 ? at + 1 : segments.length > 1 ? 1 : 0).join('/');
}
