import { posix } from 'node:path';

/** Characters that some file system gives a meaning of its own. */

const special = /[\u0000-\u001f\u007f<>:"/\\|?*]/g;
/** Bytes of UTF-8 that a name may have: file systems stop at 255, and room is left for what is put in front. */
const MOST_BYTES = 200;

/** `name` as a file or folder may be called on every system. */
export function fileName(name: string): string {
  const plain = name
    .replace(special, '_')
    .replace(/^\./, '_.')
    .replace(/[. ]+$/, '_');
  const short = cutToBytes(plain, MOST_BYTES);
  return short === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(short) ? `_${short}` : short;
}

/** The ending of a long name stays. */
function cutToBytes(name: string, most: number): string {
  if (Buffer.byteLength(name) <= most) return name;
  const ending = posix.extname(name).slice(0, 10);
  let stem = [...name];
  while (Buffer.byteLength(stem.join('') + ending) > most) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}

/** Names that are taken, where neither case nor Unicode form counts. */
export class TakenNames {
  private readonly taken = new Set<string>();

  /** The first of `candidates` that is free, which is then taken. */
  take(candidates: Iterable<string>): string {
    for (const name of candidates) {
      const key = name.normalize('NFC').toLowerCase();
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return name;
    }
    throw new RangeError('candidates must not end');
  }
}

/** Files that a set has beside its folders: a person may be called so. */
const ownFiles = ['ledger.csv', 'label-map.csv', 'datasheet.json'];

/** A folder for each identity, by identity. */
export function foldersOf(identities: readonly string[]): Map<string, string> {
  const taken = new TakenNames();
  ownFiles.forEach((name) => taken.take([name]));
  return new Map(identities.map((identity) => [identity, taken.take(numbered(fileName(identity)))]));
}

/** `name`, `name~2`, `name~3`, … */
export function* numbered(name: string): Generator<string> {
  yield name;
  const ending = posix.extname(name);
  for (let n = 2; ; n++) yield `${name.slice(0, name.length - ending.length)}~${n}${ending}`;
}
