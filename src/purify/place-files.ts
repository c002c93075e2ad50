import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    const previous = out.previous(image);
    if (previous !== undefined && existsSync(previous)) linkSync(previous, target);
    else if (image.file !== undefined && out.mode !== 'copy') put[out.mode](image.file, target);
    else writeFileSync(target, await image.read());
  }
}
