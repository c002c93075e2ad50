import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FacesieveError, FormatError, PathError } from '../../../core/errors.js';
import type { PixelRange } from '../../../core/face-models.js';
import { type GraphOutline, readOutline } from '../../../engine/onnx/graph-outline.js';
import { type NetworkRole, roleOf } from './network-role.js';
import { type ManifestFile, readManifest } from './pack-manifest.js';

/** A folder of networks as insightface keeps them: one embeds, another may find faces. */
export interface Pack {
  name: string;
  folder: string;
  embedder: { file: string } & PixelRange;
  detector?: { file: string; points: boolean } & PixelRange;
  licence: string;
}

/** What insightface says of all models that it publishes. */
export const INSIGHTFACE_LICENCE = 'research only, non-commercial, as insightface states';

interface Network {
  file: string;
  outline: GraphOutline;
  role: NetworkRole;
}

/**
 * The pack in `folder`: by its manifest when it has one, else by the shapes of its files, the first by name of each
 * kind, as insightface does. @throws PathError, FormatError when it is none, with what is there
 */
export function readPack(folder: string): Pack {
  const files = onnxFiles(folder);
  const manifest = readManifest(folder);
  const about = { name: basename(folder), folder };
  if (!manifest) return { ...about, ...packByShapes(folder, files), licence: INSIGHTFACE_LICENCE };
  const { embedder, detector, licence } = manifest;
  if (!embedder) throw new FormatError(`The manifest of the pack "${folder}" names no file for recognition.`);
  requireRole(embedder, 'embedder');
  const found = detector && requireRole(detector, 'detector');
  return {
    ...{ ...about, embedder, licence: `${INSIGHTFACE_LICENCE}; see ${join(folder, licence)}` },
    ...(detector && { detector: { ...detector, points: found?.role === 'detector' && found.points } }),
  };
}

function onnxFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new PathError(`The pack "${folder}" cannot be read: ${(error as Error).message}`);
  }
  const files = names.filter((name) => name.endsWith('.onnx')).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  const deeper = names.map((name) => join(folder, name)).find(holdsNetworks);
  const there = names.slice(0, 5).join(', ');
  throw new PathError(`"${folder}" is not a pack of insightface: it contains no .onnx file.`, [
    ...(deeper ? [`One folder deeper there are some: --backbone insightface:${deeper}`] : []),
    ...(there ? [`What is there: ${there}${names.length > 5 ? ', ...' : ''}`] : ['It is empty.']),
  ]);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function holdsNetworks(path: string): boolean {
  try {
    return isFolder(path) && readdirSync(path).some((name) => name.endsWith('.onnx'));
  } catch {
    return false; // a folder that may not be read
  }
}

/** insightface's ArcFaceONNX: a network that begins with a Sub and a Mul prepares its pixels itself. */
function preparesPixels({ firstNodes }: GraphOutline): boolean {
  const begins = (...starts: string[]): boolean =>
    firstNodes.some((name) => starts.some((start) => name.startsWith(start)));
  return begins('Sub', '_minus') && begins('Mul', '_mul');
}

function packByShapes(folder: string, files: readonly string[]): Pick<Pack, 'embedder' | 'detector'> {
  const networks = files.map((file) => networkOf(file));
  const embedder = networks.find(({ role }) => role.role === 'embedder');
  if (!embedder)
    throw new FormatError(
      `"${folder}" is not a pack of insightface: none of its files takes one face of 112 x 112 pixels and returns one vector.`,
      networks.map(({ file, role }) => `${basename(file)} ${role.role === 'other' ? role.takes : 'finds faces'}`),
    );
  const range = preparesPixels(embedder.outline) ? { mean: 0, scale: 1 } : { mean: 127.5, scale: 127.5 };
  const pack = { embedder: { file: embedder.file, ...range } };
  for (const { file, role } of networks)
    if (role.role === 'detector') return { ...pack, detector: { file, points: role.points, mean: 127.5, scale: 128 } };
  return pack;
}

/** A file that cannot be read is none of the networks that are looked for, and says why if none is found. */
function networkOf(file: string): Network {
  try {
    const outline = readOutline(file);
    return { file, outline, role: roleOf(outline) };
  } catch (error) {
    if (!(error instanceof FacesieveError)) throw error;
    return {
      ...{ file, outline: { inputs: [], outputs: [], firstNodes: [] } },
      role: { role: 'other', takes: `cannot be read: ${error.message}` },
    };
  }
}

function requireRole({ file }: ManifestFile, wanted: 'embedder' | 'detector'): NetworkRole {
  const role = roleOf(readOutline(file));
  if (role.role === wanted) return role;
  const should =
    wanted === 'embedder'
      ? 'should take one face of 112 x 112 pixels and return one vector'
      : 'should return scores, boxes and possibly points at three or five strides';
  throw new FormatError(
    `"${file}" ${should}, as the manifest of its pack says${role.role === 'other' ? `, but ${role.takes}` : ''}.`,
  );
}
