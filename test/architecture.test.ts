import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** Pure functions of matrices, labels, pixels and graphs: no SQL, no workspace, and no bytes of users. */
const domain: Record<string, string[]> = {
  images: [],
  engine: [],
  index: ['engine'], // matrix products
  faces: ['engine', 'images'],
  losses: ['engine'],
  model: ['engine'],
  subcenter: ['engine'],
  training: ['engine', 'images', 'losses', 'model', 'subcenter'],
  metrics: ['images'],
  duplicates: ['engine', 'images', 'index'],
  identities: ['index'],
  noise: ['duplicates', 'engine', 'identities', 'index', 'subcenter'],
};
const rooms = Object.keys(domain);
/** What reads and writes: each with what it may import besides core and the domain. */
const edges: Record<string, string[]> = {
  formats: [],
  workspace: [],
  synthetic: ['formats'],
  'purified-set': ['formats', 'workspace'],
  report: ['workspace'],
  gate: ['workspace'],
  review: ['formats', 'workspace'],
  pipeline: ['formats', 'workspace', 'purified-set', 'report'],
  shards: ['formats', 'workspace', 'pipeline'],
};
const doors = [...Object.keys(edges), ...rooms];

/** What a folder may import besides itself. */
const mayImport: Record<string, string[]> = {
  core: [],
  ...Object.fromEntries(Object.entries(domain).map(([room, others]) => [room, ['core', ...others]])),
  ...Object.fromEntries(Object.entries(edges).map(([room, others]) => [room, ['core', ...rooms, ...others]])),
  cli: ['core', ...doors],
  commands: ['core', 'cli', ...doors],
  'facesieve.ts': ['core', ...doors],
};

const nativeHomes: Record<string, RegExp> = {
  sharp: /^images\//,
  '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs': /^images\/small-jpeg\.ts$/,
  'better-sqlite3': /^workspace\/database\.ts$/,
  usearch: /^index\/(cells-index|usearch-graph)\.ts$/,
  'onnxruntime-node': /^engine\//,
  '#tfjs': /^(engine|model|losses|subcenter|training)\//,
};

/** Readers of what facesieve itself wrote or brings along: nobody else puts a pipe there. */
const ownFiles = new RegExp(
  [
    '^core/(atomic-write|checksum|durable|fingerprint|real-place|safetensors|shred|version)',
    '^cli/config-files', // presets
    '^index/saved-index',
    '^pipeline/evaluate/(export-pairs|pair-table)',
    '^images/crop-file',
    '^model/frozen/pull-model',
    '^(purified-set|workspace)/',
    '^shards/(part-(reader|writer)|plan)', // the exchange folder
    '^formats/dataset/(place-files|write-listed|[a-z]+-writer)',
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

  it('leaves SQL to the workspace', () => {
    const asking = files.filter((file) =>
      /\.prepare\(|\bdatabase\.(exec|transaction)\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(asking.filter((file) => !file.startsWith('workspace/'))).toEqual([]);
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

  it('names every file in kebab case', () => {
    for (const file of files) expect(file).toMatch(/^[a-z0-9-]+(\/[a-z0-9-]+)*\.ts$/);
  });
});
