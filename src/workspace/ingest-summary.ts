import { countReasons, UNLABELLED, type Understood } from '../core/understood.js';
import { unlikelyPeople } from '../identities/unlikely-people.js';
import type { IngestResult } from './results.js';
import type { CropFacts } from '../core/records.js';
import { cropGeometryOf } from './dataset.js';
import { readFact, type Workspace } from './workspace.js';
import { countFlags } from '../images/quality-flags.js';

const used = "FROM images WHERE slot IS NOT NULL AND role = 'set'";

/** Files of the set by what became of them, also of an ingest that is not finished. */
export type FileCounts = Pick<IngestResult, 'images' | 'identities' | 'unreadable' | 'skipped'>;

export function countFiles({ database }: Workspace): FileCounts {
  const number = (sql: string): number => database.prepare(sql).pluck().get() as number;
  return {
    images: number(`SELECT count(*) ${used}`),
    identities: number(`SELECT count(DISTINCT identity) ${used}`),
    unreadable: number("SELECT count(*) FROM images WHERE role = 'set' AND state = 'unreadable'"),
    skipped: number("SELECT count(*) FROM images WHERE role = 'set' AND state = 'skipped'"),
  };
}

/**
 * Counts what ingest left in the workspace, a row at a time.
 * @param size side of a crop @param understood what the readers understood of the source
 */
export function summariseIngest(
  workspace: Workspace,
  size: number,
  understood: Understood = { notes: [], warnings: [] },
): IngestResult {
  const { database } = workspace;
  const number = (sql: string): number => database.prepare(sql).pluck().get() as number;
  const files = countFiles(workspace);
  const facts = database
    .prepare("SELECT facts FROM crops JOIN images ON images.slot = crops.slot WHERE role = 'set'")
    .pluck()
    .iterate() as Iterable<string>;
  const reference = number("SELECT count(*) FROM images WHERE role = 'reference' AND slot IS NOT NULL");
  const people = database.prepare(`SELECT identity, count(*) ${used} GROUP BY identity`).raw().all() as [
    string,
    number,
  ][];
  return {
    ...files,
    duplicates: files.images - number(`SELECT count(DISTINCT sha256) ${used}`),
    noFace: number("SELECT count(*) FROM images WHERE role = 'set' AND state = 'no-face'"),
    severalFaces: number("SELECT count(*) FROM crops JOIN images ON images.id = image WHERE face = 1 AND role = 'set'"),
    notUsed: countReasons(
      database.prepare('SELECT error FROM images WHERE slot IS NULL').pluck().iterate() as Iterable<string>,
    ),
    quality: countFlags(parsed(facts), size),
    unlabelled: number(`SELECT count(*) FROM images WHERE role = 'set' AND error LIKE '${UNLABELLED}%'`),
    understood: understood.notes,
    warnings: [...understood.warnings, ...unlikelyPeople(new Map(people))],
    ...(reference > 0 && { reference }),
  };
}

/** Brings the stored result of ingest up to date with what was taken out since; sentences of the source may name it, and go. */
export function updateIngestResult(workspace: Workspace): void {
  const result = summariseIngest(workspace, cropGeometryOf(workspace).size);
  workspace.database
    .prepare("UPDATE stages SET result = ? WHERE stage = 'ingest' AND key = ?")
    .run(JSON.stringify(result), readFact(workspace, 'ingest:key'));
}

function* parsed(texts: Iterable<string>): Generator<CropFacts> {
  for (const text of texts) yield JSON.parse(text) as CropFacts;
}
