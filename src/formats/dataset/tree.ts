import { join } from 'node:path';
import { EmptyInputError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import { stampOf, stampOfAll } from './find-files.js';
import { identitiesOfFolders } from './label-names.js';
import { refusedEntry, type Source, type SourceEntry } from './reader.js';
import { walk } from './walk.js';

/** What facesieve itself writes beside images. */
const ours = /^(label-map\.csv|ledger\.csv|datasheet\.json|truth\.csv)$/;

/**
 * Images in folders of folders, of which the one at `depth` (0 = right below the root) names the identity.
 * @throws EmptyInputError on entries(), when no image belongs to anybody
 */
export function treeSource(root: string, depth: number): Source {
  const identityOf = identitiesOfFolders(root);
  function* entries(): Generator<SourceEntry> {
    let [images, homeless] = [0, 0];
    for (const { path, problem } of walk(root)) {
      if (ours.test(path)) continue;
      const entry = problem ? refusedEntry(path, problem) : entryOf(root, path, depth, identityOf);
      if (!entry.refusal) images++;
      else if (isImageName(path)) homeless++;
      yield entry;
    }
    if (images === 0) throw emptyError(root, homeless > 0);
  }
  return {
    entries,
    stamp: () => stampOfAll(stamps(entries())),
  };
}

function entryOf(root: string, path: string, depth: number, identityOf: (folder: string) => string): SourceEntry {
  const folders = path.split('/').slice(0, -1);
  if (!isImageName(path)) return refusedEntry(path, 'not an image by its name');
  if (folders.length <= depth) return refusedEntry(path, 'it is not in a folder that names a person');
  return { path, identity: identityOf(folders[depth]), place: { file: join(root, path) } };
}

function* stamps(entries: Iterable<SourceEntry>): Generator<string> {
  for (const { path, place } of entries) yield `${path}\n${place ? stampOf(place.file) : ''}`;
}

const emptyError = (root: string, flat: boolean): EmptyInputError =>
  flat
    ? new EmptyInputError(`"${root}" holds images, but no folder per person, so their identities are unknown.`, [
        "Put each person's images in a separate folder: SOURCE/NAME/image.jpg",
      ])
    : new EmptyInputError(`"${root}" holds no images.`, ['Name a folder with one folder of images per person.']);
