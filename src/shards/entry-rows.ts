import { z } from 'zod';
import { crc32c } from '../core/checksum.js';
import type { SourceEntry } from '../formats/dataset/reader.js';
import { stampOf } from '../formats/dataset/find-files.js';
import type { RoledEntry } from '../pipeline/ingest/pack-entries.js';
import { NotYetError, PartError, PlanError } from './errors.js';
import type { PartReader } from './part-reader.js';
import type { PartWriter } from './part-writer.js';

const count = z.number().int().min(0);

/** A file or row of the source in the list that an ingest task reads. */
const listedSchema = z.object({
  path: z.string(),
  identity: z.string(),
  role: z.enum(['set', 'reference']),
  refusal: z.object({ state: z.enum(['skipped', 'unreadable']), reason: z.string() }).optional(),
  place: z
    .object({
      file: z.string(),
      offset: count.optional(),
      length: count.optional(),
      framing: z.literal('recordio').optional(),
    })
    .optional(),
  /** Size and time of the file as they were planned; absent where the row before has the same file. */
  stamp: z.string().optional(),
  /** Where its bytes lie in the section `bytes`, for sources that can only be read through. */
  held: z.object({ offset: count, length: count, crc: count }).optional(),
});
export type ListedEntry = z.infer<typeof listedSchema>;

/** Collects the entries of a list part, and writes the bytes of those without a place into it. */
export class EntryList {
  private readonly rows: ListedEntry[] = [];
  private held = 0;
  private file: string | undefined;

  constructor(private readonly part: PartWriter) {
    part.begin('bytes');
  }

  add({ path, identity, role, refusal, place, bytes }: RoledEntry): void {
    const stamp = place && place.file !== this.file ? stampOf(place.file) : undefined;
    if (place) this.file = place.file;
    const held = refusal || place ? undefined : this.keep(bytes!);
    this.rows.push({ path, identity, role, refusal, place, stamp, held });
  }

  private keep(bytes: Uint8Array): ListedEntry['held'] {
    const offset = this.held;
    this.part.append(bytes, 1);
    this.held += bytes.length;
    return { offset, length: bytes.length, crc: crc32c(bytes) };
  }

  /** Writes the rows. Returns how many there are. */
  end(): number {
    this.part.lines('rows', this.rows);
    return this.rows.length;
  }
}

/**
 * The entries of a list part.
 * @throws PlanError when a file of the source is another than the one that was planned, NotYetError when it is not there
 */
export function* listedEntries(part: PartReader): Generator<RoledEntry> {
  for (const line of part.lines('rows')) {
    const { stamp, held, ...entry } = listedSchema.parse(line);
    if (stamp !== undefined) refuseChanged(entry.place!.file, stamp);
    yield { ...entry, ...(held && { bytes: heldBytes(part, entry, held) }) };
  }
}

/** A task that found no files would call every image unreadable. */
function refuseChanged(file: string, planned: string): void {
  const now = stampOf(file);
  if (now === planned) return;
  if (now === 'missing')
    throw new NotYetError(`"${file}" is not there; it was when the work was planned.`, [
      'Check that this machine has mounted the source under the same path.',
    ]);
  throw new PlanError(`"${file}" has changed since the work was planned.`, [
    'Plan again, into a new folder: facesieve shard plan SOURCE --exchange DIR --shards N',
  ]);
}

function heldBytes(
  part: PartReader,
  { path }: SourceEntry,
  { offset, length, crc }: NonNullable<ListedEntry['held']>,
): Uint8Array {
  const bytes = new Uint8Array(length);
  part.readInto('bytes', offset, bytes);
  if (crc32c(bytes) === crc) return bytes;
  throw new PartError(`The bytes of "${path}" in the list of this shard are damaged.`, [
    'Plan again, into a new folder: facesieve shard plan SOURCE --exchange DIR --shards N',
  ]);
}
