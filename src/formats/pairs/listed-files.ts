import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { defaults } from '../../core/config.js';
import { PathError } from '../../core/errors.js';
import { readRegular } from '../../core/regular-file.js';
import type { PairImage } from '../../metrics/pair-set.js';

/** Image files in the order of their first mention, each once. */
export class ListedFiles {
  readonly images: PairImage[] = [];
  private readonly rowOf = new Map<string, number>();

  constructor(private readonly roots: readonly string[]) {}

  /**
   * Row of the image at one of `paths`, absolute or below a root: the first that is there.
   * @param person whose it is; without it, its folder's name
   * @param place named in errors @throws PathError
   */
  rowAt(paths: readonly string[], place: string, person?: string): number {
    const file = this.locate(paths);
    if (file === undefined)
      throw new PathError(`${place}: there is no image "${paths[0]}".`, [
        `Looked in ${this.roots.join(' and ')}; --root names another folder.`,
      ]);
    const known = this.rowOf.get(file);
    if (known !== undefined) return known;
    const row = this.images.length;
    this.rowOf.set(file, row);
    const read = (): Promise<Uint8Array> => Promise.resolve(readRegular(file, defaults.ingest.maxFileBytes));
    this.images.push({ name: paths[0], person: person ?? basename(dirname(file)), isCrop: false, read });
    return row;
  }

  private locate(paths: readonly string[]): string | undefined {
    const candidates = paths.flatMap((path) =>
      isAbsolute(path) ? [path] : this.roots.map((root) => join(root, path)),
    );
    return candidates.find((file) => existsSync(file));
  }
}
