import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FacesieveError } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/fingerprint.js';
import type { ImageRow } from '../../src/core/records.js';
import { MARK } from '../../src/purified-set/existing-set.js';
import { type Onto, purify } from '../../src/pipeline/purify.js';
import { sourceSettings } from '../../src/formats/dataset/open-sources.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { insertImages, startImages } from '../../src/workspace/images.js';
import type { StageContext } from '../../src/workspace/stage.js';
import { writeFact } from '../../src/workspace/workspace.js';
import { decidedWorkspace, noEvidence } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';
import { contextFrom } from '../helpers/context.js';

/** Folders of a layout, and links between them; `D` is another folder than `d` where the file system tells cases apart. */
const FOLDERS = ['a', 'a/b', 'a/b/c', 'd', 'D', 'e', 'ws/inside'];
const LINKS: Record<string, string> = { la: 'a', lb: 'a/b', 'd/up': 'a', le: 'la', lw: 'ws', 'e/back': 'e' };
const SPELLINGS = [
  (path: string) => path,
  (path: string) => `${path}/`,
  (path: string) => `a/../${path}`,
  (path: string) => `./${path}/.`,
];
const place = fc.constantFrom(...FOLDERS, ...Object.keys(LINKS), 'la/b', 'le/b/c', 'd/up/b', 'lw/inside', 'ws');
const target = fc.oneof(place, fc.constantFrom('new', 'a/new', 'la/new', 'd/up/new', '.', 'ws/crops', 'lw/purified'));
const spelled = (path: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(path, fc.constantFrom(...SPELLINGS)).map(([text, spell]) => spell(text));

const layout = fc.record({
  source: spelled(place),
  also: fc.array(spelled(place), { maxLength: 2 }),
  reference: fc.option(spelled(place), { nil: undefined }),
  /** Images of the source that are links to a file below one of these. */
  linked: fc.array(place, { maxLength: 2 }),
  /** Earlier sets, by place; made of the same source or of another one. */
  sets: fc.array(fc.record({ at: place, own: fc.boolean() }), { maxLength: 3 }),
  out: spelled(target),
  mode: fc.constantFrom('link' as const, 'copy' as const, 'hardlink' as const),
  onto: fc.constantFrom<Onto>('replace', 'overwrite', 'incremental', 'extend'),
});
type Layout = typeof layout extends fc.Arbitrary<infer L> ? L : never;

function build(root: string, { source, linked, sets }: Layout): void {
  for (const folder of FOLDERS) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, `own-${folder.replaceAll('/', '-')}.jpg`), `bytes of ${folder}`);
  }
  for (const [link, end] of Object.entries(LINKS)) symlinkSync(join(root, end), join(root, link));
  for (const [i, folder] of linked.entries()) {
    const file = join(root, folder, `shared-${i}.jpg`);
    writeFileSync(file, `shared ${i}`);
    const link = join(root, source, `linked-${i}.jpg`);
    if (!existsSync(link)) symlinkSync(file, link);
  }
  for (const { at, own } of sets) {
    const sources = own ? { source: join(root, source), also: [] } : { source: '/other', also: [] };
    writeFileSync(join(root, at, MARK), 'an earlier one');
    writeFileSync(join(root, at, 'datasheet.json'), JSON.stringify({ format: 'folder', crops: false, sources }));
    writeFileSync(join(root, at, 'ledger.csv'), 'path,identity,decision,by,reason,new_path,new_identity,sha256,run\n');
    writeFileSync(join(root, at, 'label-map.csv'), 'identity,old_label,new_label,images,folder\n');
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => entry.name.endsWith('.jpg') && statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile(),
    )
    .map(({ name }) => join(folder, name));

/** What the workspace knows after an ingest of the layout. */
function ingested(context: StageContext, root: string, { source, also, reference }: Layout): string[] {
  const { workspace, config } = context;
  const sources = [source, ...also].map((path) => join(root, path));
  const files = [...new Set(sources.flatMap(filesBelow))];
  const rows = files.map((file, id): ImageRow => {
    const content = { sha256: sha256(readFileSync(file)), dhash: `${id}`, width: 8, height: 8, error: null };
    const name = { path: `P${id % 2}/${id}.jpg`, identity: `P${id % 2}`, place: JSON.stringify({ file }) };
    return { id, ...name, ...content, slot: id, state: 'ok', role: 'set' };
  });
  startImages(workspace, 'ingest-of-a-layout');
  workspace.database.exec(
    "INSERT OR REPLACE INTO stages VALUES ('ingest-of-a-layout', 'ingest', '{}', 1, '2026-01-01')",
  );
  const facts = { sharpness: 1, brightness: 1, contrast: 1 };
  insertImages(
    workspace,
    rows,
    rows.map(({ id }) => ({ slot: id, image: id, face: 0, facts, crc: 0 })),
  );
  const settings = sourceSettings(
    config,
    join(root, source),
    also.map((path) => join(root, path)),
  );
  writeFact(workspace, 'source', settings.source);
  writeFact(workspace, 'sources', JSON.stringify(settings));
  if (reference !== undefined) writeFact(workspace, 'reference', join(root, reference));
  const rest = { reason: '', suggestedIdentity: null, pNoise: 0, evidence: noEvidence };
  const decisions = rows.map(({ path }) => ({ path, decision: 'keep' as const, ...rest }));
  writeDecisions(workspace, 'sift-1', decisions);
  return [...files, ...(reference === undefined ? [] : filesBelow(join(root, reference)))];
}

const RUNS = Number(process.env.FACESIEVE_LAYOUTS ?? 150);

it(`loses no byte of any source in ${RUNS} layouts of links, nesting, several sources and earlier sets`, async () => {
  const folder = temporaryFolder();
  const root = join(folder, 'root');
  const [written, refused] = [[0], [0]];
  // The workspace is the same for all: what is drawn is where everything else lies.
  mkdirSync(root);
  const workspace = decidedWorkspace(join(root, 'ws'), [{ path: 'A/1.jpg', decision: 'keep' }]);
  const base = contextFrom(workspace);
  const own = readdirSync(join(root, 'ws')).filter((name) => name.startsWith('facesieve.db'));
  await fc.assert(
    fc.asyncProperty(layout, async (drawn) => {
      for (const name of readdirSync(root)) if (name !== 'ws') rmSync(join(root, name), { recursive: true });
      for (const name of readdirSync(join(root, 'ws')))
        if (!/^(facesieve\.db|lock\.)/.test(name)) rmSync(join(root, 'ws', name), { recursive: true });
      build(root, drawn);
      const context = { ...base, config: { ...base.config, mode: drawn.mode } };
      const files = ingested(context, root, drawn);
      const before = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
      try {
        const { result } = await purify(context, join(root, drawn.out), { onto: drawn.onto });
        written[0]++;
        for (const entry of readdirSync(result.out, { recursive: true, withFileTypes: true }))
          expect(existsSync(join(entry.parentPath, entry.name)), `${entry.name} leads to nothing`).toBe(true);
      } catch (error) {
        if (!(error instanceof FacesieveError)) throw error;
        refused[0]++;
      }
      for (const [file, bytes] of before) expect(existsSync(file) && readFileSync(file, 'utf8'), file).toBe(bytes);
      for (const name of own) expect(existsSync(join(root, 'ws', name)), name).toBe(true);
      expect(existsSync(dirname(join(root, 'ws')))).toBe(true);
    }),
    { numRuns: RUNS, seed: Number(process.env.FACESIEVE_LAYOUT_SEED ?? 1) },
  );
  // A guard that refuses everything would pass too.
  expect(written[0]).toBeGreaterThan(RUNS / 20);
  expect(refused[0]).toBeGreaterThan(RUNS / 20);
});
