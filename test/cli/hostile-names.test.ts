import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { terminalProgress } from '../../src/cli/terminal-progress.js';
import { writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { MessageWriter } from '../../src/engine/onnx/protobuf.js';
import { gateFormatNames } from '../../src/gate/formats.js';
import { readCsv, writeCsv } from '../../src/formats/csv.js';
import { reportFormatNames } from '../../src/report/formats.js';
import { giveIdentityVerdict } from '../../src/workspace/identity-verdicts.js';
import { writeProposals } from '../../src/workspace/proposals.js';
import { openWorkspace, readFact } from '../../src/workspace/workspace.js';
import { facesieve, tinyFlags } from '../helpers/cli.js';
import { commandIds, runInProcess } from '../helpers/in-process.js';
import { longLivedFolder, portrait, writeFiles } from '../helpers/tiny-crawl.js';

/** A line that no name may make: it is looked for at the beginning of every line of output. */
const FORGED = '\nFORGED\n';
const RED = '\u001b[31m';
/** What a terminal obeys, what turns or hides text, and what text formats make something of; short enough for files. */
const evils = [
  `${RED}\u001b]0;title\u0007\u001b]8;;x\u001b\\${FORGED}`,
  `${RED}\u009b31m\r\t\b\u007f${FORGED}`,
  `${RED}\u202egnp\u2066x\u2069\u200e\u061c${FORGED}`,
  `${RED}\u200d\u200b\u2028\u2029\ufeff${FORGED}`,
  `${RED}|\`x\`<script>](javascript:x)${FORGED}`,
] as const;
const evil = evils.join('');
const people = ['Ada', 'Bo', 'Cy', 'Di', 'Ed'].map((name, i) => `${name} ${evils[i]}`);
const fileOf = (person: number, take: number | string): string => `${people[person]}/${take} ${evils[person]}.jpg`;

/** Control characters but the newline, half characters, bidirectional marks, zero-width characters, separators. */
const OBEYED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]/u;
/** How the beginning of `evil` is shown, and how JSON and percent-encoding write it. */
const SHOWN = /\\x1b\[31m|&#92;x1b&#91;31m|\\\\x1b(\\)?\[31m|\\u001b\[31m|%1B%5B31m/;

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const workspace = ['-w', at(`w ${evils[1]}`)];
const second = ['-w', at('second')];
const shared = ['--exchange', at(`exchange ${evils[0]}`)];
const unknown = `nobody ${evil}`;
const image = fileOf(0, 1);
const purified = at(`set ${evils[3]}`);
const rules = gateRulesFile();

function gateRulesFile(): object {
  const bounds = {
    ...{ 'noise-rate': { max: 0 }, 'unreadable-rate': { max: 0 }, 'images-per-identity': { min: 99 } },
    ...{ 'dropped-per-identity': { max: 0 }, 'merge-proposals': { max: 0 }, 'reference-overlap': { max: 0 } },
    ...{ 'verification-accuracy': { min: 1.0 }, identities: { min: 99 } },
  };
  return { rules: Object.entries(bounds).map(([id, bound]) => ({ id, ...bound })) };
}

/** A command line, the exit codes it may end with, and whether `evil` must be seen in what it prints. */
interface Case {
  id: string;
  argv: string[];
  codes: number[];
  shows: boolean;
  /** It cannot be done twice: not again with --json. */
  once?: boolean;
}
const ok = (id: string, argv: string[], shows = false): Case => ({ id, argv, codes: [0], shows });
const fails = (id: string, argv: string[], ...codes: number[]): Case => ({
  ...{ id, argv, shows: true },
  codes: codes.length > 0 ? codes : [2],
});

/** Each command over the hostile crawl: where it does its work, and where it is given what is not there. */
const cases: Case[] = [
  ok('ingest', [
    at('crawl'),
    '--also',
    `more=${at('list.csv')}`,
    '--also',
    at('set.tar'),
    '--reference',
    at('reference'),
    ...tinyFlags.slice(0, 4),
  ]),
  fails('ingest', [at(unknown)]),
  fails('ingest', ['--align', unknown, at('crawl')], 64),
  fails('ingest', [at('crawl'), unknown], 64),
  fails('train', ['--backbone', unknown], 64),
  fails('train', ['--config', at(unknown)]),
  ok('train', tinyFlags.slice(4)),
  fails('embed', ['--run', unknown]),
  ok('embed', []),
  fails('index build', ['--config', at('config.json')]),
  ok('index build', []),
  fails('index check', ['--preset', unknown]),
  ok('index check', []),
  fails('sift', ['--angle', unknown], 64),
  ok('sift', [], true),
  ok('identities list', []),
  ok('status', []),
  fails('status', [unknown], 64),
  fails('sift', ['--embeddings', at(unknown), '--labels', at(unknown)]),
  fails('identities list', ['--seed', unknown], 64),
  { ...ok('identities merge', [people[0], people[1], '--reviewer', `Rev ${evil}`], true), once: true },
  fails('identities merge', [unknown, people[1]]),
  { ...ok('identities undo', ['--reviewer', `Rev ${evil}`], true), once: true },
  fails('identities undo', [unknown], 64),
  fails('identities rename', [unknown, 'Somebody']),
  fails('identities split', [unknown]),
  fails('identities split', [people[0], '--groups', at(unknown)]),
  ok('identities accept', ['--confidence', '1']),
  fails('identities accept', ['--confidence', unknown], 64),
  ok('identities discover', []),
  fails('identities discover', ['--min', unknown], 64),
  ok('identities match', ['reference']),
  fails('identities match', [unknown]),
  ok('decisions export', ['--out', at('decisions.csv')]),
  fails('decisions export', ['--out', at(`crawl/${people[0]}`)]),
  ok('decisions import', [at('answers.csv'), '--reviewer', `Rev ${evil}`], true),
  fails('decisions import', [at('wrong.csv')]),
  fails('decisions import', [at(unknown)]),
  ok('explain', [image], true),
  fails('explain', [unknown]),
  ok('purify', ['--out', purified, '--mode', 'copy'], true),
  { ...fails('purify', ['--out', at(`crawl/${people[0]}`)]), shows: false },
  ok('verify', [purified]),
  fails('verify', [at(unknown)]),
  ok('evaluate', ['--pairs', at('pairs.csv'), '--root', at('crawl')], true),
  fails('evaluate', ['--pairs', at('unknown-pairs.csv'), '--root', at('crawl')]),
  ok('compare', []),
  fails('compare', [unknown], 64),
  ok('retrain', [...tinyFlags.slice(4)]),
  fails('retrain', ['--threads', unknown], 64),
  fails('score fit', ['--pairs', at(unknown)]),
  ...reportFormatNames.map((format) => ok('report', ['--format', format, '--out', '-'], true)),
  ...reportFormatNames.map((format) => ok('report', ['--format', format, '--out', at(`report.${format}`)])),
  fails('report', ['--out', at(`crawl/${people[0]}`)]),
  ...gateFormatNames.map((format) => ({
    ...fails('gate', ['--rules', at('rules.json'), '--format', format], 1),
  })),
  fails('gate', ['--rules', at('unknown-rule.json')]),
  fails('gate', ['--rules', at(unknown)]),
  ok('decisions undo', ['--reviewer', `Rev ${evil}`]),
  fails('decisions undo', [unknown], 64),
  ok('forget', [people[4]], true),
  fails('forget', [unknown]),
  { ...ok('forget', [people[4], '--yes', '--reason', evil], true), once: true },
  ok('model info', [at('hostile.onnx')], true),
  fails('model info', [at(unknown)]),
  fails('model slim', [at(unknown)]),
  fails('model slim', [at('hostile.onnx'), '--out', at(unknown)]),
  ok('model export', ['--out', at(`out ${evils[0]}.onnx`)], true),
  fails('model export', ['--run', unknown]),
  ok('model list', []),
  fails('model list', [unknown], 64),
  fails('model pull', [unknown]),
  ok('doctor', []),
  fails('doctor', [unknown], 64),
  fails('demo', [at('rules.json'), unknown], 64),
  fails('demo', ['--config', at(unknown)]),
  { ...ok('inject', [at('crawl'), at(`spoilt ${evils[2]}`), '--closed', '0.2']), once: true },
  fails('inject', [at(unknown), at('never')]),
  fails('review', ['--port', unknown], 64),
  fails('run', [at('crawl'), '--rules', at('rules.json'), ...tinyFlags, ...second, '--out', at(`run ${evils[0]}`)], 1),
  fails('run', [at(unknown), ...second]),
  ok('shard plan', [at('crawl'), '--also', at('set.tar'), ...shared, '--shards', '2', ...tinyFlags]),
  fails('shard plan', [at(unknown), ...shared]),
  ok('shard run', ['ingest', '0/2', ...shared], true),
  fails('shard run', [unknown, '0/2', ...shared], 64),
  fails('shard run', ['ingest', unknown, ...shared], 64),
  ok('shard status', shared, true),
  fails('shard status', ['--exchange', at(unknown)]),
];

const withWorkspace = ({ argv }: Case): string[] => (argv.includes('-w') ? argv : [...argv, ...workspace]);

function expectHarmless(text: string, what: string): void {
  expect(OBEYED.exec(text)?.index ?? -1, `${what}:\n${JSON.stringify(text.slice(0, 4000))}`).toBe(-1);
  expect(text, what).not.toMatch(/^\s*FORGED/m);
}

beforeAll(async () => {
  const files: Record<string, Uint8Array> = {};
  for (const i of people.keys())
    for (let take = 1; take <= 6; take++)
      files[fileOf(i, take)] = await portrait(String(take === 6 ? (i + 1) % 5 : i), take);
  writeFiles(at('reference'), { [fileOf(3, 1)]: files[fileOf(3, 1)], [fileOf(2, 9)]: await portrait('2', 99) });
  writeFiles(at('crawl'), { ...files, [fileOf(1, 'broken')]: 'no image' });
  const listed = `listed ${evils[2]}.jpg`;
  writeFiles(folder, { [listed]: await portrait('0', 50), 'never.txt': '' });
  const answers = [image, unknown].map((path) => ({ path, verdict: 'relabel', suggested_identity: people[1] }));
  const pair = (path2: string) => writeCsv(['path1', 'path2', 'same'], [{ path1: image, path2, same: 0 }]);
  const archive = pack();
  for (const name of [`${people[0]}/in.jpg`, 'Fay \u009b31m \u202e/in.jpg'])
    archive.entry({ name }, await portrait('0', name));
  archive.finalize();
  writeFiles(folder, {
    'list.csv': writeCsv(
      ['path', 'identity'],
      [
        { path: listed, identity: people[2] },
        { path: unknown, identity: evil },
      ],
    ),
    'set.tar': await buffer(archive as unknown as NodeJS.ReadableStream),
    'answers.csv': writeCsv(['path', 'verdict', 'suggested_identity'], answers),
    'wrong.csv': writeCsv(['path', 'verdict'], [{ path: image, verdict: evil }]),
    'pairs.csv': pair(fileOf(1, 1)) + pair(fileOf(0, 2)).split('same\n')[1].replace(/0\n$/, '1\n'),
    'unknown-pairs.csv': pair(unknown),
    'rules.json': JSON.stringify(rules),
    'unknown-rule.json': JSON.stringify({ rules: [{ id: unknown, max: 1 }] }),
    'config.json': JSON.stringify({ [unknown]: 1 }),
    'hostile.onnx': hostileModel(),
  });
});

function hostileModel(): Uint8Array {
  const shape = [1, evil];
  const model = writeOnnx({
    nodes: [{ op: 'Identity', inputs: [evil], outputs: [`out ${evil}`], attributes: {} }],
    initializers: [],
    inputs: [{ name: evil, shape, type: 'float32' }],
    outputs: [{ name: `out ${evil}`, shape, type: 'float32' }],
    metadata: { [`key ${evil}`]: `value ${evil}` },
  });
  return Buffer.concat([model, new MessageWriter().text(3, evil).finish()]);
}

describe('over a crawl whose names give orders to terminals', () => {
  it('every command has a line here', () => {
    const tried = new Set([...cases.map(({ id }) => id), 'review']);
    expect([...tried].sort()).toEqual(commandIds);
  });

  it.each(cases)('$id prints nothing that a terminal obeys ($codes)', async (tried) => {
    const what = `${tried.id} ${JSON.stringify(tried.argv)}`;
    const plain = withWorkspace(tried);
    const again = tried.once || plain.includes('-') ? [] : [[...plain, '--json']];
    for (const argv of [plain, ...again]) {
      const { code, stdout, stderr } = await runInProcess(tried.id, argv);
      expect(tried.codes, `${what}\n${stdout}\n${stderr}`).toContain(code);
      expectHarmless(stdout, what);
      expectHarmless(stderr, what);
      expect(stderr).not.toContain('Unexpected error');
      if (tried.shows) expect(stdout + stderr, what).toMatch(SHOWN);
      if (argv.includes('--json')) JSON.parse(stdout);
    }
  });
});

/** As `work` would print on a terminal. */
async function onTerminal<T>(work: () => Promise<T>): Promise<T> {
  const before = process.stdout.isTTY;
  process.stdout.isTTY = true;
  onTestFinished(() => void (process.stdout.isTTY = before));
  return work();
}

describe('what the crawl is called', () => {
  it('reaches no terminal by way of the review page', async () => {
    const flags = ['--no-open', '--reviewer', `Rev ${evil}`, ...workspace];
    const { code, stdout, stderr } = await runInProcess('review', flags, (text) => {
      if (text.includes('review page')) setImmediate(() => process.emit('SIGINT'));
    });
    expect(code, stderr).toBe(0);
    for (const text of [stdout, stderr]) expectHarmless(text, 'review');
  });

  it('is exact in an export that goes to a file or a pipe, and shown on a terminal', async () => {
    const argv = ['--format', 'csv', ...workspace];
    const exact = await runInProcess('decisions export', argv);
    expect(readCsv(exact.stdout, 'piped').some(({ path }) => path === image)).toBe(true);
    const shown = await onTerminal(() => runInProcess('decisions export', argv));
    expect(OBEYED.test(shown.stdout)).toBe(false);
    expect(shown.stdout).toMatch(SHOWN);
  });

  it('is harmless in every report and every result of the gate that was written', async () => {
    const gated = gateFormatNames.map((format) => ({ format, file: at(`gate.${format}`) }));
    for (const { format, file } of gated)
      await runInProcess('gate', ['--rules', at('rules.json'), '--format', format, '--out', file, ...workspace]);
    const reports = reportFormatNames.map((format) => at(`report.${format}`));
    for (const file of reports) await runInProcess('report', ['--out', file, ...workspace]); // forget deleted them
    for (const file of [...reports, ...gated.map(({ file }) => file)]) {
      const text = readFileSync(file, 'utf8');
      expectHarmless(text, file);
      expect(text, file).toMatch(SHOWN);
      if (/\.(json|sarif)$/.test(file)) JSON.parse(text);
    }
    expect(readFileSync(at('report.html'), 'utf8')).not.toContain('<script');
  });

  it('is shown in proposals, and in what differs from a purified set', async () => {
    const opened = openWorkspace(workspace[1]);
    const [a, b] = people;
    const pair = { a: image, b: fileOf(1, 1), cosine: 0.5 };
    writeProposals(opened, readFact(opened, 'current:sift')!, {
      merges: [{ a, b, confidence: 0.9, cosine: 0.5, likeness: 1, pairsAboveBar: 0.9, examples: [pair] }],
      splits: [{ identity: b, confidence: 0.8, groups: [{ images: [image], count: 1, likeness: 1, confidence: 1 }] }],
    });
    giveIdentityVerdict(opened, a, 'several-people', `Rev ${evil}`);
    opened.close();
    writeFiles(purified, { [`extra ${evils[2]}.jpg`]: 'too many' });
    for (const [id, argv] of [
      ['identities list', workspace],
      ['verify', [purified]],
    ] as const) {
      const { stdout, stderr } = await runInProcess(id, argv);
      expectHarmless(stdout + stderr, id);
      expect(stdout.match(new RegExp(SHOWN, 'g'))?.length ?? 0, stdout).toBeGreaterThan(id === 'verify' ? 0 : 6);
    }
  });

  it('is shown in progress, written over on a terminal or not', () => {
    for (const isTTY of [true, false]) {
      const written: string[] = [];
      const stream = { isTTY, columns: 30, write: (text: string) => written.push(text) };
      vi.stubEnv('CI', '');
      vi.stubEnv('TERM', 'xterm');
      const progress = terminalProgress(stream as unknown as NodeJS.WriteStream, false);
      progress.update('ingest', image);
      progress.note(image);
      vi.unstubAllEnvs();
      expectHarmless(written.join('').replaceAll('\r\u001b[K', ''), 'progress');
      expect(written.join('')).toMatch(SHOWN);
    }
  });

  it.each([
    ['an unknown command', [`ingst ${evil}`], 64],
    ['an unknown command as JSON', [`ingst ${evil}`, '--json'], 64],
    ['the help of an unknown command', ['help', `ingst ${evil}`], 2],
    ['an unknown command of a topic', ['decisions', evil], 64],
    ['an unknown flag', ['ingest', `--${evil}`], 64],
    ['a number that is none', ['train', '--pixel-mean', `1 ${evil}`], 64],
  ])('is harmless in %s, by the real program', (what, argv, expected) => {
    const { code, stdout, stderr } = facesieve(...argv);
    expectHarmless(stdout, what);
    expectHarmless(stderr, what);
    expect(stdout + stderr).toMatch(SHOWN);
    expect(code).toBe(expected);
  });
});
