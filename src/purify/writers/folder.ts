import { copyFileSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Writer } from '../writer.js';

const put = {
  link: symlinkSync,
  hardlink: linkSync,
  copy: copyFileSync,
};

/** One folder an identity, files under the names they had; original bytes, never saved anew. */
export const folderWriter: Writer = {
  name: 'folder',
  write({ image, finalIdentity }, source, folder, mode, taken) {
    const inside = image.path.slice(image.path.indexOf('/') + 1);
    const path = freeName(posix.join(finalIdentity, inside), image.identity, taken);
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    put[mode](join(source, image.path), target);
    return path;
  },
};

/** A relabelled image may meet a file of its name: then the folder it came from goes in front. */
function freeName(path: string, from: string, taken: ReadonlySet<string>): string {
  let free = path;
  for (let n = 1; taken.has(free); n++)
    free = posix.join(posix.dirname(path), `${from}${n > 1 ? `-${n}` : ''}-${posix.basename(path)}`);
  return free;
}
