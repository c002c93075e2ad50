import { posix } from 'node:path';
import { identityIn } from './columns.js';
import { parseRecord } from './sidecars.js';

/** What the files beside an image of an archive say of it. */
export interface SaidOfImage {
  /** Undefined when nothing says whose it is, '' when somebody says it is nobody's. */
  identity: string | undefined;
  /** What facesieve called it before it was packed. */
  path?: string;
}

const metadata = /^(json|cls)$/;

/** Name without its last ending, and that ending. */
export function splitEnding(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  return dot <= name.lastIndexOf('/') ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

export const isMetadata = (name: string): boolean => metadata.test(splitEnding(name)[1]);

/** WebDataset's key: up to the first dot of the file's name. */
export function keyOf(name: string): string {
  const file = posix.basename(name);
  const dot = file.indexOf('.', 1);
  return dot < 0 ? name : name.slice(0, name.length - file.length + dot);
}

interface Part {
  name: string;
  bytes: Uint8Array;
  used: boolean;
}

/**
 * The metadata of a shard by the images they belong to, wherever in the shard they stand. A file belongs to the image of the
 * same name but for the last ending; then to one whose name goes on after a dot (`0001.cls` to `0001.face.jpg`); then to the
 * one of its WebDataset key (`0001.meta.json` to `0001.jpg`). Where a name comes several times, the first belongs to the first.
 */
export class ArchiveMetadata {
  private readonly parts = new Map<string, Part[]>(); // by stem and ending
  private readonly byKey = new Map<string, Set<string>>(); // stems by WebDataset's key
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly wanted: string | undefined,
    private readonly labels: (label: string) => string,
  ) {}

  add(name: string, bytes: Uint8Array): void {
    const [stem] = splitEnding(name);
    const list = this.parts.get(name.toLowerCase()) ?? [];
    list.push({ name, bytes, used: false });
    this.parts.set(name.toLowerCase(), list);
    const key = keyOf(name);
    if (key !== stem) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(stem));
  }

  /** What is said of the next image called `name`. */
  of(name: string): SaidOfImage {
    if (this.parts.size === 0) return { identity: undefined };
    const turn = this.seen.get(name) ?? 0;
    this.seen.set(name, turn + 1);
    const stems = [...this.stemsFor(splitEnding(name)[0])];
    const record = parseRecord(this.part(stems, 'json', turn)?.bytes);
    const label = this.part(stems, 'cls', turn)?.bytes;
    const said = identityIn(record, this.wanted);
    const text = label && Buffer.from(label).toString().trim();
    return {
      identity: said ?? (text === undefined ? undefined : this.labels(text)),
      path: typeof record.path === 'string' ? record.path : undefined,
    };
  }

  /** Names of metadata that no image took. */
  unused(): string[] {
    return [...this.parts.values()].flat().flatMap(({ name, used }) => (used ? [] : [name]));
  }

  private *stemsFor(stem: string): Generator<string> {
    yield stem;
    const key = keyOf(`${stem}.`);
    for (let shorter = stem; shorter.length > key.length;) {
      shorter = splitEnding(shorter)[0];
      if (shorter.length < key.length) break;
      yield shorter;
    }
    if (key === stem) yield* this.byKey.get(key) ?? [];
  }

  private part(stems: Iterable<string>, ending: string, turn: number): Part | undefined {
    for (const stem of stems) {
      const list = this.parts.get(`${stem}.${ending}`.toLowerCase());
      if (list === undefined) continue;
      const part = list[Math.min(turn, list.length - 1)];
      part.used = true;
      return part;
    }
    return undefined;
  }
}
