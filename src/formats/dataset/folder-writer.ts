import { placeFiles } from './place-files.js';
import type { Writer } from './writer.js';

/** One folder an identity, files under the names they had. */
export const folderWriter: Writer = {
  name: 'folder',
  filePerImage: true,
  async write(images, out) {
    await placeFiles(images, out.folder, out);
    return images.map(({ path }) => path);
  },
};
