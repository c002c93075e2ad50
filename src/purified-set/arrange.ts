import { foldersOf, fileName, numbered, TakenNames } from './out-paths.js';
import type { OutImage } from '../formats/dataset/writer.js';

/** An image that goes into the set, before it has a place there. */
export type Arrival = Omit<OutImage, 'path' | 'label'> & {
  /** What it is called below its identity's folder. */
  name: string;
  /** True when it was found under another identity. */
  moved: boolean;
  foundUnder: string;
};

export interface Arrangement {
  images: OutImage[]; // by label and path
  identities: string[]; // by label
  folders: ReadonlyMap<string, string>;
}

/**
 * Gives every identity a label and a folder and every image a path that is its own. Labels start with `known`, in its
 * order; new identities follow by name. Images that were found where they stay choose their names first.
 */
export function arrange(arrivals: readonly Arrival[], known: readonly string[] = []): Arrangement {
  const present = new Set(arrivals.map(({ identity }) => identity));
  const fresh = [...present].filter((identity) => !known.includes(identity)).sort();
  const identities = [...known.filter((identity) => present.has(identity)), ...fresh];
  const folders = foldersOf(identities);
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  const taken = new TakenNames();
  const inOrder = [...arrivals].sort((a, b) => Number(a.moved) - Number(b.moved) || (a.from < b.from ? -1 : 1));
  const images = inOrder.map(({ name, moved, foundUnder, ...image }): OutImage => {
    const folder = folders.get(image.identity)!;
    const plain = name.split('/').map(fileName).join('/');
    const paths = function* (): Generator<string> {
      yield `${folder}/${plain}`;
      const at = plain.lastIndexOf('/') + 1;
      if (moved) yield `${folder}/${plain.slice(0, at)}${fileName(foundUnder)}-${plain.slice(at)}`;
      for (const free of numbered(`${folder}/${plain}`)) yield free;
    };
    return { ...image, label: labelOf.get(image.identity)!, path: taken.take(paths()) };
  });
  images.sort((a, b) => a.label - b.label || (a.path < b.path ? -1 : 1));
  return { images, identities, folders };
}
