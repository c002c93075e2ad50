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

const label = /^(cls|class|label|identity|person)$/;
/** A caption, or a label. */
const TEXT = 'txt';
const LABELS = ['cls', 'class', 'label', 'identity', 'person'];

/** Name without its last ending, and that ending. */
export function splitEnding(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  return dot <= name.lastIndexOf('/') ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

/** Does a file beside an image say whose it is, by its name? */
export const isMetadata = (name: string): boolean => {
  const ending = splitEnding(name)[1];
  return ending === 'json' || label.test(ending);
};

/** As {@link isMetadata}, or may it be a label where nothing else is one? */
export const isText = (name: string): boolean => splitEnding(name)[1] === TEXT;

/** WebDataset's key: up to the first dot of the file's name. */
export function keyOf(name: string): string {
  const file = posix.basename(name);
  const dot = file.indexOf('.', 1);
  return dot < 0 ? name : name.slice(0, name.length - file.length + dot);
}

const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString().trim();

interface Part {
  name: string;
  bytes: Uint8Array;
  used: boolean;
}

/** Most letters of a label. */
const MOST_LETTERS = 100;

/**
 * The metadata of a shard by the images they belong to, wherever in the shard they stand. A file belongs to the image of the
 * same name but for the last ending; then to one whose name goes on after a dot (`0001.cls` to `0001.face.jpg`); then to the
 * one of its WebDataset key (`0001.meta.json` to `0001.jpg`). Where a name comes several times, the first belongs to the first.
 */
export class ArchiveMetadata {
  private readonly parts = new Map<string, Part[]>(); // by stem and ending
  private readonly byKey = new Map<string, Set<string>>(); // stems by WebDataset's key
  private readonly seen = new Map<string, number>();
  private texts: boolean | undefined;

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
    const label = LABELS.map((ending) => this.part(stems, ending, turn)?.bytes).find((bytes) => bytes !== undefined);
    const said = identityIn(record, this.wanted);
    const text = textOf(label ?? (this.textsAreLabels ? this.part(stems, TEXT, turn)?.bytes : undefined));
    return {
      identity: said ?? (text === undefined ? undefined : this.labels(text)),
      path: typeof record.path === 'string' ? record.path : undefined,
    };
  }

  /** Do two images of other names have the same metadata? */
  isShared(first: string, second: string): boolean {
    if (first === second || this.parts.size === 0 || keyOf(first) !== keyOf(second)) return false;
    return this.parts.has(`${keyOf(first)}.cls`) || this.parts.has(`${keyOf(first)}.json`);
  }

  /**
   * Are the shard's `.txt` files labels and no captions? They are where nothing else is metadata, each is one short line, and at least every
   * second one says what another one says.
   */
  get textsAreLabels(): boolean {
    return (this.texts ??= this.haveLabels());
  }

  private haveLabels(): boolean {
    const parts = [...this.parts.values()].flat();
    if (parts.length < 2 || !parts.every(({ name }) => isText(name))) return false;
    const texts = parts.map(({ bytes }) => textOf(bytes)!);
    return (
      texts.every((text) => text.length <= MOST_LETTERS && !/[\r\n]/.test(text)) &&
      new Set(texts).size <= texts.length / 2
    );
  }

  /** Names of metadata that no image took. */
  unused(): string[] {
    const parts = [...this.parts.values()].flat();
    return parts.flatMap(({ name, used }) => (used || (isText(name) && !this.textsAreLabels) ? [] : [name]));
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
