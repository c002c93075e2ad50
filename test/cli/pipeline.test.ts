import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandSchemas } from '../../scripts/command-schemas.js';
import { describeEvaluation } from '../../src/cli/describe-evaluation.js';
import { randomOf } from '../../src/core/random.js';
import { blocksOf, unitRows } from '../../src/core/vectors.js';
import { decisionColumns } from '../../src/formats/annotations/decision-table.js';
import { hnswlibState } from '../../src/index/hnswlib-graph.js';
import { embeddingFileOf, embeddingsOf, writeEmbeddings } from '../../src/workspace/embedding-file.js';
import { chooseRun } from '../../src/workspace/runs.js';
import { lookIntoWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, portrait, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const crawl = join(folder, 'crawl with spaces');
const workspace = join(folder, 'workspace');
const out = join(folder, 'clean');
const w = ['-w', workspace];
let run: ReturnType<typeof facesieveJson>;

beforeAll(async () => {
  await tinyCrawl(crawl, 5, 8, { 'A/1.jpg': 'B', 'C/5.jpg': 'somebody else' });
  writeFiles(crawl, {
    'O\'Hara 😀, "Jr"\nline/1.jpg': await portrait('odd', 1),
    'O\'Hara 😀, "Jr"\nline/2.jpg': await portrait('odd', 2),
    'B/again.jpg': readFileSync(join(crawl, 'B/2.jpg')),
    'B/empty.jpg': '',
    'C/text.jpg': 'no image',
    'D/cut.jpg': (await portrait('D', 50)).subarray(0, 500),
    'E/notes.txt': 'not an image by its name',
  });
  run = facesieveJson('run', crawl, ...w, '--out', out, '--seed', '1', ...tinyFlags);
});

/** Puts random directions in the place of the embeddings that are there. */
function scatterEmbeddings(folder: string): void {
  const opened = lookIntoWorkspace(folder);
  const { id } = chooseRun(opened, undefined, 'train');
  const { vectors, norms } = embeddingsOf(opened, id);
  const random = randomOf('scattered');
  for (const array of blocksOf(vectors)) array.forEach((_, i) => (array[i] = random.normal()));
  writeEmbeddings(embeddingFileOf(opened, id), { vectors: unitRows(vectors), norms });
  opened.close();
}

describe('run', () => {
  it('goes through every stage and counts what it saw', () => {
    expect(run.code).toBe(0);
    expect(run.json.stages.map(({ name }: { name: string }) => name)).toEqual([
      ...['ingest', 'train', 'embed', 'sift', 'purify', 'retrain', 'embed', 'evaluate', 'report'],
    ]);
    expect(run.json.images).toBe(5 * 8 + 2 + 1);
    expect(run.json.identities).toBe(6);
    const decided = Object.values(run.json.decisions as Record<string, number>).reduce((a, b) => a + b);
    expect(decided).toBe(run.json.images);
    expect(run.json.decisions.duplicate).toBe(1);
    expect(run.json.verification).toBeUndefined(); // it was not asked to compare
  });

  it('does nothing twice, and says so', () => {
    const again = facesieveJson('run', crawl, ...w, '--out', out, '--seed', '1', ...tinyFlags);
    expect(again.json.stages.every(({ skipped }: { skipped: boolean }) => skipped)).toBe(true);
    expect(again.stderr).toContain('done already');
    expect(again.json.decisions).toEqual(run.json.decisions);
  });

  it('leaves the source as it was', () => {
    expect(readdirSync(join(crawl, 'B')).sort()).toEqual(
      ['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg', '7.jpg', 'again.jpg', 'empty.jpg'].sort(),
    );
  });
});

describe('the purified set', () => {
  it('holds links to the kept images, a label map and a ledger of every image', () => {
    const ledger = parse(readFileSync(join(out, 'ledger.csv')), { columns: true }) as Record<string, string>[];
    const unused = ledger.filter(({ decision }) => decision === 'unreadable' || decision === 'skipped');
    expect(unused.map(({ path }) => path)).toEqual(['B/empty.jpg', 'C/text.jpg', 'D/cut.jpg', 'E/notes.txt']);
    expect(unused.every(({ reason }) => reason)).toBe(true);
    expect(ledger).toHaveLength(run.json.images + unused.length);
    for (const row of ledger)
      if (unused.includes(row)) expect(row.new_path).toBe('');
      else if (row.new_path) expect(readlinkSync(join(out, row.new_path))).toBe(join(crawl, row.path));
      else expect(['drop', 'duplicate']).toContain(row.decision);
    const labels = parse(readFileSync(join(out, 'label-map.csv')), { columns: true }) as Record<string, string>[];
    expect(labels.map(({ old_label }) => old_label)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('is never written over a folder that is not its own', () => {
    const before = readdirSync(crawl);
    expect(facesieve('purify', '--out', crawl, ...w).code).toBe(2);
    const other = join(folder, 'precious');
    writeFiles(other, { 'thesis.txt': 'years of work' });
    const ended = facesieve('purify', '--out', other, ...w);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('not empty');
    expect(readdirSync(other)).toEqual(['thesis.txt']);
    expect(readdirSync(crawl)).toEqual(before);
  });

  it.each(['copy', 'hardlink'])('can be made by %s', (mode) => {
    const ended = facesieveJson('purify', '--out', join(folder, mode), '--mode', mode, ...w);
    expect(ended.json.kept).toBeGreaterThan(0);
    expect(existsSync(join(folder, mode, 'B/0.jpg'))).toBe(true);
  });
});

describe('decisions', () => {
  const exported = (...flags: string[]) =>
    parse(facesieve('decisions', 'export', ...flags, ...w).stdout, { columns: true }) as Record<string, string>[];

  it('are exported with the columns of the contract, by path', () => {
    const text = facesieve('decisions', 'export', '--format', 'csv', ...w).stdout;
    expect(text.split('\n')[0]).toBe(decisionColumns.join(','));
    const paths = exported().map(({ path }) => path);
    expect(paths).toEqual([...paths].sort());
    expect(paths).toHaveLength(run.json.images);
    expect(paths).toContain('O\'Hara 😀, "Jr"\nline/1.jpg');
  });

  it('come back with verdicts that win, once, and can be undone', () => {
    const file = join(folder, 'verdicts.csv');
    writeFileSync(
      file,
      'path,verdict,suggested_identity\nA/2.jpg,drop,\nA/3.jpg,relabel,B\nno/such.jpg,keep,\nA/4.jpg,,\n',
    );
    expect(facesieveJson('decisions', 'import', file, ...w).json).toMatchObject({ rows: 2, changed: 2, unknown: 1 });
    expect(facesieveJson('decisions', 'import', file, ...w).json).toMatchObject({ rows: 2, changed: 0, unknown: 1 });

    facesieve('sift', '--force', '--rule', 'angle', '--angle', '90', ...w);
    const rows = exported();
    expect(rows.find(({ path }) => path === 'A/2.jpg')!.verdict).toBe('drop');
    const clean = join(folder, 'after-verdicts');
    facesieve('purify', '--out', clean, ...w);
    expect(existsSync(join(clean, 'A/2.jpg'))).toBe(false);
    expect(existsSync(join(clean, 'A/3.jpg'))).toBe(false);
    expect(readdirSync(join(clean, 'B'))).toContain('A-3.jpg');
    expect(readFileSync(join(clean, 'ledger.csv'), 'utf8')).toContain('verdict of');

    expect(facesieveJson('decisions', 'undo', ...w).json.rows).toBe(2);
    expect(exported().every(({ verdict }) => verdict === '')).toBe(true);
  });

  it('refuse a word that is no verdict, and take nothing of that file', () => {
    const file = join(folder, 'wrong.csv');
    writeFileSync(file, 'path,verdict\nA/0.jpg,drop\nA/1.jpg,dorp\n');
    const ended = facesieveJson('decisions', 'import', file, ...w);
    expect(ended.code).toBe(2);
    expect(ended.json.error.suggestions).toEqual(['Did you mean "drop"?']);
    expect(exported().every(({ verdict }) => verdict === '')).toBe(true);
  });

  it('are written as one JSON object a line too', () => {
    const lines = facesieve('decisions', 'export', '--format', 'jsonl', '--only', 'keep', ...w)
      .stdout.trim()
      .split('\n');
    expect(lines.every((line) => JSON.parse(line).decision === 'keep')).toBe(true);
  });
});

describe('the rules of sift', () => {
  const decided = (...flags: string[]) => {
    expect(facesieve('sift', ...flags, ...w).code).toBe(0);
    return parse(facesieve('decisions', 'export', ...w).stdout, { columns: true }) as Record<string, string>[];
  };

  it('insightface-drop drops exactly what lies at 75 degrees or more, and knows nothing but keep and drop', () => {
    for (const row of decided('--rule', 'insightface-drop'))
      expect(row.decision).toBe(Number(row.angle_dominant_deg) >= 75 ? 'drop' : 'keep');
  });

  it('angle calls noise exactly what lies at the angle or more, where there is a dominant sub-centre', () => {
    const rows = decided('--rule', 'angle', '--angle', '30');
    for (const row of rows.filter(({ decision, reason }) => !(decision === 'review' && reason.includes('no dominant'))))
      expect(['drop', 'relabel'].includes(row.decision)).toBe(Number(row.angle_dominant_deg) >= 30);
  });

  it('dominant calls noise exactly what votes for another sub-centre', () => {
    const rows = decided('--rule', 'dominant');
    for (const row of rows.filter(({ decision }) => decision !== 'review'))
      expect(['drop', 'relabel'].includes(row.decision)).toBe(row.subcenter !== row.dominant_subcenter);
  });
});

describe('explain', () => {
  it('tells reason and signals, by path below the source or whole', () => {
    const short = facesieveJson('explain', 'B/3.jpg', ...w).json;
    expect(short).toEqual(facesieveJson('explain', join(crawl, 'B/3.jpg'), ...w).json);
    expect(short).toMatchObject({ image: 'B/3.jpg', identity: 'B', verdict: null });
    expect(short.reason).not.toBe('');
  });

  it('answers in words, and with --verbose in figures with units as well', () => {
    const [short, long] = [[], ['--verbose']].map((more) => facesieve('explain', 'B/3.jpg', ...more, ...w).stdout);
    expect(short).toMatch(/the other images of B/);
    expect(short).not.toContain('cosOwn');
    expect(long.startsWith(short)).toBe(true);
    expect(long).toMatch(/cosOwn +-?[\d.]+ +cosine/);
  });

  it('tells why an unreadable file has no decision, and what a mistyped one may have been', () => {
    expect(facesieveJson('explain', 'C/text.jpg', ...w).json.error.message).toContain('could not be read');
    expect(facesieveJson('explain', 'C/33.jpg', ...w).json.error.suggestions[0]).toMatch(/Did you mean "C\/3\.jpg"/);
  });
});

describe('the other commands', () => {
  it('index build and check', () => {
    expect(facesieveJson('index', 'build', ...w).json).toMatchObject({ kind: 'exact', vectors: run.json.images });
    expect(facesieveJson('index', 'check', ...w).json.recallAt10).toBe(1);
  });

  it('a graph is saved by index build, loaded by index check and sift, and decides as exact search', () => {
    const saving = join(folder, 'saving');
    cpSync(workspace, saving, { recursive: true });
    const kind = ['--index', 'hnsw', '-w', saving];
    const { decisions } = facesieveJson('sift', '-w', saving).json;
    const built = facesieveJson('index', 'build', '--kind', 'hnsw', '-w', saving).json;
    const graphs = readdirSync(join(saving, 'index')).filter((name) => name.startsWith('graph-'));
    const sizes = graphs.map((name) => statSync(join(saving, 'index', name)).size);
    expect(built).toMatchObject({ kind: 'hnsw', bytes: sizes.reduce((a, b) => a + b) });
    expect(facesieveJson('index', 'check', ...kind).json.ownRecallAt10).toBeGreaterThan(0.99);
    expect(facesieveJson('sift', ...kind).json).toMatchObject({ decisions, index: { kind: 'hnsw' } });

    truncateSync(join(saving, 'index', graphs[0]), 100);
    for (const command of [
      ['index', 'check'],
      ['index', 'build'],
      ['sift', '--force'],
    ]) {
      const { code, json } = facesieveJson(...command, ...kind);
      expect([code, json.error.name]).toEqual([2, 'FormatError']);
      expect(json.error.suggestions[0]).toContain('index build --force');
    }
    const findings = facesieveJson('doctor', '-w', saving).json.workspace.findings;
    expect(findings.filter(({ path }: { path: string }) => path === 'index')).toMatchObject([{ kind: 'damaged' }]);
    expect(facesieveJson('index', 'build', '--force', ...kind).code).toBe(0);
    expect(facesieveJson('index', 'check', '--force', ...kind).code).toBe(0);

    facesieveJson('forget', 'B', '--yes', '-w', saving);
    expect(existsSync(join(saving, 'index'))).toBe(false);
  });

  it.skipIf(hnswlibState().available)('an index whose package is not installed says how to install it', () => {
    const { code, json } = facesieveJson('index', 'build', '--kind', 'hnswlib', ...w);
    expect([code, json.error.name]).toEqual([2, 'EngineError']);
    expect(json.error.suggestions[0]).toMatch(/^npm install hnswlib-node/);
    const indexes = facesieveJson('doctor').json.indexes;
    expect(indexes.filter(({ name }: { name: string }) => name === 'hnswlib')).toMatchObject([{ available: false }]);
  });

  it('an index below its bar is refused', () => {
    const poor = join(folder, 'poor.json');
    const settings = { index: 'hnsw', recallBar: 1, hnswLinks: 2, hnswBuildWidth: 1, hnswSearchWidth: 1 };
    writeFileSync(poor, JSON.stringify(settings));
    const scattered = join(folder, 'scattered'); // even a poor graph finds its way among so few faces in clusters
    cpSync(workspace, scattered, { recursive: true });
    scatterEmbeddings(scattered);
    for (const command of [['index', 'check'], ['sift']]) {
      const { code, json } = facesieveJson(...command, '--force', '--config', poor, '-w', scattered);
      expect([code, json.error.name]).toEqual([2, 'RecallError']);
    }
  });

  it('evaluate on a pairs file', () => {
    const pairs = join(folder, 'pairs.csv');
    writeFileSync(
      pairs,
      'path1,path2,same\nB/0.jpg,B/3.jpg,1\nD/0.jpg,D/3.jpg,1\nB/0.jpg,D/3.jpg,0\nE/0.jpg,B/3.jpg,0\n',
    );
    const { json, code } = facesieveJson('evaluate', '--pairs', pairs, ...w);
    expect(code).toBe(0);
    expect(json.verification.before).toMatchObject({ genuine: 2, impostor: 2 });
    expect(json.pairs).toMatchObject({ from: 'file', images: 5, trainedOn: { before: 5 } });
    const [note] = describeEvaluation(json).filter((line) => line.includes('images were trained on'));
    expect(note).toBe('5 of the 5 images were trained on (trained on the crawl): its figures flatter');
  });

  it('gate passes, fails with 1, and says what it could not run', () => {
    const rules = join(folder, 'rules.json');
    const gate = (...list: object[]) => {
      writeFileSync(rules, JSON.stringify({ rules: list }));
      return facesieveJson('gate', '--rules', rules, ...w);
    };
    expect(gate({ id: 'noise-rate', max: 1 }, { id: 'drift', max: 1 })).toMatchObject({
      code: 0,
      json: { passed: true, rules: [{ outcome: 'pass' }, { outcome: 'not-run' }] },
    });
    expect(gate({ id: 'identities', min: 100 })).toMatchObject({ code: 1, json: { passed: false } });
    expect(gate({ id: 'identities', min: 100, severity: 'warn' })).toMatchObject({ code: 0, json: { passed: true } });
    expect(gate({ id: 'noise-rat', max: 1 })).toMatchObject({ code: 2 });
    writeFileSync(join(folder, 'rules.yaml'), 'rules:\n  - id: identities\n    min: 2\n');
    expect(facesieve('gate', '--rules', join(folder, 'rules.yaml'), ...w).code).toBe(0);
  });

  it('every result keeps the schema that is committed', async () => {
    const schemas = await commandSchemas();
    for (const [id, schema] of Object.entries(schemas)) {
      const file = join(import.meta.dirname, '../../schemas', `${id.replaceAll(' ', '-')}.json`);
      expect(JSON.parse(readFileSync(file, 'utf8')), id).toEqual(schema);
    }
  });
});

describe('settings', () => {
  const ingested = join(folder, 'settings');
  const runOf = (...flags: string[]) =>
    facesieveJson('train', '-w', ingested, ...tinyFlags.slice(4, 6), '--epochs', '1', '--batch-size', '8', ...flags)
      .json.run;

  it('come from flags first, then the environment, the config file, the preset', () => {
    facesieve('ingest', crawl, '-w', ingested, '--size', '16', '--align', 'none');
    const config = join(folder, 'seed.json');
    writeFileSync(config, '{"seed": 7}');
    const zero = runOf();
    const seven = runOf('--seed', '7');
    expect(seven).not.toBe(zero);
    expect(runOf('--config', config)).toBe(seven);
    expect(runOf('--config', config, '--seed', '0')).toBe(zero);
  });
});
