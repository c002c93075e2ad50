import { linkSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashFile } from '../../core/fingerprint.js';
import { toPath } from '../../core/undecoded-name.js';
import type { OutFolder, OutImage } from './writer.js';

const put = { link: symlinkSync, hardlink: linkSync };

/**
 * Puts each image in a file of its own at its path below `folder`: linked or copied from its file, or written when it
 * comes out of an archive. Original bytes, never saved anew.
 */
export async function placeFiles(images: readonly OutImage[], folder: string, out: OutFolder): Promise<void> {
  for (const image of images) {
    out.step();
    const target = join(folder, image.path);
    mkdirSync(dirname(target), { recursive: true });
    if (image.file !== undefined && out.mode !== 'copy') put[out.mode](toPath(image.file), target);
    else {
      const previous = await sameCopy(image, out);
      if (previous === undefined) writeFileSync(target, await image.read());
      else linkSync(previous, target);
    }
  }
}

/** The copy in the set that is replaced, if its bytes are still those that were written. */
async function sameCopy(image: OutImage, out: OutFolder): Promise<string | undefined> {
  const file = out.previous(image);
  if (file === undefined || !lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  return (await hashFile(file)) === image.writtenSha256 ? file : undefined;
}
