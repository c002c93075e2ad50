import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, basename } from 'node:path';
import { packName } from '../../../core/config.js';
import { FacesieveError, PathError } from '../../../core/errors.js';
import { suggestName } from '../../../core/nearest-name.js';
import { type Pack, readPack } from './read-pack.js';

/** Packs that insightface publishes. */
const PUBLISHED = ['buffalo_l', 'buffalo_m', 'buffalo_s', 'buffalo_sc', 'antelopev2', 'raccoon_l', 'raccoon_s'];

/**
 * Folders with one pack each, in the order in which they are searched. insightface itself keeps packs in ~/.insightface
 * unless a program hands it another root, and reads no environment variable.
 */
export const packRoots = (): string[] =>
  [...new Set([process.env.INSIGHTFACE_HOME, process.env.INSIGHTFACE_ROOT, '~/.insightface'])]
    .filter((root) => root !== undefined && root !== '')
    .map((root) => join(resolve(expandHome(root!)), 'models'));

const expandHome = (path: string): string => path.replace(/^~(?=$|[/\\])/, homedir());

/** `insightface:FOLDER` with its folder from the root on; anything else as it is. */
export function withFullPath(backbone: string): string {
  const name = packName(backbone);
  return name !== undefined && isPath(name) ? `insightface:${resolve(expandHome(name))}` : backbone;
}

/** Whether NAME of `insightface:NAME` is a folder, not a name to look for. */
const isPath = (name: string): boolean => /[/\\]/.test(name) || /^[.~]/.test(name);

/**
 * The pack of `insightface:NAME` or `insightface:FOLDER`.
 * @throws PathError with where it was looked for and what is there, FormatError when the folder holds none
 */
export function packNamed(name: string): Pack {
  if (isPath(name)) {
    const folder = resolve(expandHome(name));
    if (folder.endsWith('.onnx'))
      throw new PathError(`"${name}" is one file, and a pack is a folder.`, [`One file: --backbone ${folder}`]);
    if (!existsSync(folder))
      throw new PathError(`There is no folder "${folder}" for insightface:${name}.`, wayOut(name));
    return readPack(folder);
  }
  const folder = packRoots()
    .map((root) => join(root, name))
    .find((place) => name !== '' && existsSync(place));
  if (folder === undefined)
    throw new PathError(`There is no pack "${name}" of insightface on this machine.`, [
      `Looked for in ${packRoots().join(', ')}`,
      ...wayOut(name),
    ]);
  return readPack(folder);
}

function wayOut(name: string): string[] {
  const here = packFolders().map(({ name }) => name);
  const near = suggestName(name, [...new Set([...here, ...PUBLISHED])]).filter((line) => !line.includes(`"${name}"`));
  return [
    ...near,
    here.length > 0 ? `What is there: ${here.join(', ')}` : 'No pack is there.',
    ...(existsSync(name) && !isPath(name) ? [`The folder of that name here: --backbone insightface:./${name}`] : []),
    ...(PUBLISHED.includes(name)
      ? [`facesieve fetches nothing; Python does: insightface.app.FaceAnalysis(name="${name}")`]
      : []),
    'Any folder with such files will do: --backbone insightface:/path/to/folder',
  ];
}

/** A folder among insightface's, and the pack in it, or why it holds none. */
export type FoundPack = { name: string; folder: string } & (
  { pack: Pack; problem: null } | { pack: null; problem: string }
);

/** What lies where insightface keeps its packs. */
export const foundPacks = (): FoundPack[] =>
  packFolders().map((place): FoundPack => {
    try {
      return { ...place, pack: readPack(place.folder), problem: null };
    } catch (error) {
      if (!(error instanceof FacesieveError)) throw error;
      return { ...place, pack: null, problem: error.message };
    }
  });

function packFolders(): { name: string; folder: string }[] {
  const found = packRoots().flatMap((root) => namesIn(root).map((name) => ({ name, folder: join(root, name) })));
  return found.filter(({ name }, i) => found.findIndex((other) => other.name === name) === i); // the first is used
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory())
      .sort();
  } catch {
    return []; // there is no such folder, or it may not be read
  }
}

/** Which files of the pack that `backbone` means are used, and under what licence; undefined when it means none. */
export function packNotice(backbone: string): string | undefined {
  const name = packName(backbone);
  if (name === undefined) return undefined;
  const { name: pack, embedder, detector, licence } = packNamed(name);
  const finds = detector ? `, ${basename(detector.file)} finds faces` : '';
  return `insightface:${pack}: ${basename(embedder.file)} embeds${finds}. Licence: ${licence}.`;
}
