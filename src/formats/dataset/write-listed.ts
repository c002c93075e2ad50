import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeFiles } from './place-files.js';
import type { OutFolder, OutImage } from './writer.js';

const IMAGES = 'images';

/** Places the images in a folder of their own and `list` of them beside it. @returns their paths below the list */
export async function writeListed(
  images: readonly OutImage[],
  out: OutFolder,
  list: { name: string; content: (images: readonly OutImage[], paths: readonly string[]) => string },
): Promise<string[]> {
  await placeFiles(images, join(out.folder, IMAGES), out);
  const paths = images.map(({ path }) => `${IMAGES}/${path}`);
  writeFileSync(join(out.folder, list.name), list.content(images, paths));
  return paths;
}
