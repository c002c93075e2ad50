import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const parts = [
  'images',
  'engine',
  'sources',
  'faces',
  'model',
  'losses',
  'subcenter',
  'index',
  'store',
  'report',
  'truth',
];
const stages = [
  'ingest',
  'train',
  'embed',
  'sift',
  'review',
  'purify',
  'evaluate',
  'recount',
  'gate',
  'forget',
  'inject',
  'demo',
];

/** What a folder may import besides itself. */
const mayImport: Record<string, string[]> = {
  core: [],
  ...Object.fromEntries(parts.map((part) => [part, ['core']])),
  sources: ['core', 'images'],
  faces: ['core', 'engine', 'images'],
  losses: ['core', 'engine'],
  truth: ['core', 'report'],
  model: ['core', 'engine'],
  subcenter: ['core', 'engine', 'index', 'losses', 'model'],
  ...Object.fromEntries(stages.map((stage) => [stage, ['core', ...parts]])),
  cli: ['core', ...parts, ...stages, 'pipeline.ts'],
  commands: ['core', 'cli', 'report', ...parts, ...stages, 'pipeline.ts'],
  'pipeline.ts': ['core', ...parts, ...stages],
  'facesieve.ts': ['core', ...parts, ...stages, 'pipeline.ts'],
};

const nativeHomes: Record<string, RegExp> = {
  sharp: /^images\//,
  'better-sqlite3': /^store\/database\.ts$/,
  usearch: /^index\/(cells-index|exact-index|hnsw-worker)\.ts$/,
  'onnxruntime-node': /^engine\//,
  '#tfjs': /^(engine|model|losses|subcenter|train)\//,
};

/** Readers of what facesieve itself wrote or brings along: nobody else puts a pipe there. */
const ownFiles = new RegExp(
  [
    '^core/(atomic-write|checksum|durable|real-place|safetensors|shred|version)',
    '^cli/config-files', // presets
    '^evaluate/(export-pairs|pair-table)',
    '^images/crop-file',
    '^model/frozen/pull-model',
    '^(purify|store|forget)/',
    '^review/server/page-files',
  ].join('|'),
);

const roomOf = (file: string): string => file.split('/')[0];
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import|import\()\s*'([^']+)'/g)].map(
    (match) => match[1],
  );
const targetOf = (file: string, specifier: string): string =>
  relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');

describe('the import rule', () => {
  it.each(files)('%s', (file) => {
    const allowed = mayImport[roomOf(file)];
    expect(allowed, `unknown room ${roomOf(file)}`).toBeDefined();
    const rooms = importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => roomOf(targetOf(file, specifier)));
    expect(rooms.filter((room) => room !== roomOf(file) && !allowed.includes(room))).toEqual([]);
  });

  it('gives each native package one home', () => {
    for (const file of files)
      for (const specifier of importsOf(file)) {
        const home = nativeHomes[specifier];
        if (home) expect(file).toMatch(home);
      }
  });

  it('opens files of users through core/regular-file.ts alone', () => {
    const reading = /\b(readFileSync|readFile|createReadStream|copyFileSync|openSync)\b|\bopen\b[^;]*'node:fs/;
    const others = files.filter((file) => reading.test(readFileSync(join(root, file), 'utf8')));
    expect(others.filter((file) => !ownFiles.test(file))).toEqual(['core/regular-file.ts']);
  });

  it('has no import cycles', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => targetOf(file, specifier)),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, trail: string[]): void => {
      expect(trail, `cycle: ${[...trail, file].join(' -> ')}`).not.toContain(file);
      if (done.has(file)) return;
      graph.get(file)?.forEach((next) => visit(next, [...trail, file]));
      done.add(file);
    };
    files.forEach((file) => visit(file, []));
  });
});

describe('what is printed', () => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');

  it('passes through src/cli, where what a name could tell a terminal is escaped', () => {
    const direct = files.filter((file) => /process\.std(out|err)\.write|\bconsole\.|\bux\./.test(read(file)));
    const page = (file: string): boolean => file.startsWith('review/page/'); // runs in a browser
    expect(direct.filter((file) => !file.startsWith('cli/') && !page(file))).toEqual([]);
  });

  it('is handed over as lines: a newline inside of one would be shown as \\n', () => {
    const shells = files.filter((file) => file.startsWith('commands/') || file.startsWith('cli/describe-'));
    expect(shells.filter((file) => /\\n/.test(read(file)))).toEqual([]);
  });
});

describe('the layout', () => {
  it('has no index.ts, no utils, and no file above 300 lines', () => {
    for (const file of files) {
      expect(file).not.toMatch(/(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/);
      expect(file).not.toMatch(/(^|\/)index\.ts$/);
      expect(readFileSync(join(root, file), 'utf8').split('\n').length, file).toBeLessThanOrEqual(300);
    }
  });

  it('keeps the median file below 80 lines', () => {
    const lengths = files
      .map((file) => readFileSync(join(root, file), 'utf8').split('\n').length)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
  });

  it('names every file in kebab case', () => {
    for (const file of files) expect(file).toMatch(/^[a-z0-9-]+(\/[a-z0-9-]+)*\.ts$/);
  });
});
