import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import * as door from '../src/facesieve.js';
import { codeBlocks } from './helpers/doc-examples.js';
import { labelledFaces } from './helpers/labelled-faces.js';
import { longLivedFolder } from './helpers/tiny-crawl.js';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const folder = longLivedFolder();
const { rows, labels, wrong } = labelledFaces();
const CROP = 64 * 64 * 3;

/** What the examples take for granted: features, labels, crops and pairs. */
const given = {
  features: rows,
  labels,
  pairs: rows.slice(1).map((_, i) => ({ first: i, second: i + 1, same: labels[i] === labels[i + 1] })),
  // twelve pictures, each twenty times: the examples are about the calls, not about hard cases
  crops: Uint8Array.from(
    { length: rows.length * CROP },
    (_, at) => (((at % CROP) >> 6) * (1 + (Math.floor(at / CROP) % 12))) & 255,
  ),
};

/** The public functions of facesieve.ts whose documentation has examples. */
const functions = {
  detectNoise: 'src/noise/detect-noise.ts',
  findDuplicates: 'src/duplicates/find-duplicates.ts',
  proposeIdentities: 'src/identities/propose.ts',
  verify: 'src/metrics/verify.ts',
};

/** Text of the `@example` of the docstring above `function name`. */
function docExample(name: string, file: string): string {
  const source = read(file);
  const end = source.search(new RegExp(`export (async )?function ${name}\\b`));
  const docstring = source.slice(source.lastIndexOf('/**', end), end);
  const [, example] = /@example\n([^]*?)\n \*\//.exec(docstring) ?? [];
  expect(example, `${name} has no @example`).toBeDefined();
  return example.replace(/^ \* ?/gm, '');
}

/** Errors of the compiler in each of `codes`, as modules of somebody who has installed facesieve: one program for all. */
function compilerErrors(codes: readonly string[]): string[][] {
  const given =
    'declare const features: number[][]; declare const labels: string[]; declare const crops: Uint8Array;' +
    'declare const pairs: { first: number; second: number; same: boolean }[];';
  const files = new Map(codes.map((code, i) => [join(root, 'test', `example-${i}.ts`), code]));
  const globals = join(root, 'test', 'example-globals.d.ts');
  const options: ts.CompilerOptions = {
    ...{
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
    ...{ moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], lib: ['lib.es2023.d.ts'] },
  };
  const host = ts.createCompilerHost(options);
  const sourceOf = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const code = name === globals ? given : files.get(name)?.replaceAll("'facesieve'", "'../src/facesieve.js'");
    return code === undefined ? sourceOf(name, ...rest) : ts.createSourceFile(name, code, options.target!);
  };
  const program = ts.createProgram([globals, ...files.keys()], options, host);
  return [...files.keys()].map((file) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
  );
}

/** Runs an example as it is written, and returns what it prints. */
async function printed(code: string): Promise<string[]> {
  const lines: string[] = [];
  const console = { log: (...values: unknown[]) => lines.push(values.map(String).join(' ')) };
  const script = code
    .replace(/^import (\{[^}]*\}) from 'facesieve';$/gm, 'const $1 = door;')
    .replace(/'(features\.npy|labels\.csv)'/g, (_, name: string) => JSON.stringify(join(folder, name)));
  const { outputText } = ts.transpileModule(script, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const body = `return (async () => {${outputText}})();`;

  const run = new Function('door', 'console', ...Object.keys(given), body) as (...args: unknown[]) => Promise<void>;
  await run(door, console, ...Object.values(given));
  return lines;
}

const examples = codeBlocks(read('docs/api.md')).filter(({ info }) => info === 'ts');

beforeAll(() => {
  const numbers = Float32Array.from(rows.flat());
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`.padEnd(117);
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
  writeFileSync(
    join(folder, 'features.npy'),
    Buffer.concat([start, Buffer.from(`${header}\n`), Buffer.from(numbers.buffer)]),
  );
  writeFileSync(
    join(folder, 'labels.csv'),
    `path,identity\n${labels.map((name, i) => `${i}.jpg,${name}`).join('\n')}\n`,
  );
});

describe('docs/api.md', () => {
  it('begins with an embeddings file and labels, and decides in ten lines', async () => {
    expect(examples[0].text.split('\n').length).toBeLessThanOrEqual(10);
    const lines = await printed(examples[0].text);
    expect(lines[0]).toMatch(/^share of noise: 0\.[12]/);
    for (const i of wrong.keys()) expect(lines.join('\n')).toContain(`${i}.jpg`);
  });

  it.each(examples.map(({ text }) => [text.split('\n')[0], text]))('%s: the example runs', async (_, text) => {
    await expect(printed(text)).resolves.toBeDefined();
  });

  it('has a section with parameters, returns and throws for each function', () => {
    const page = read('docs/api.md');
    for (const name of Object.keys(functions)) {
      const section = page.slice(page.indexOf(`## ${name}`)).split('\n## ')[0];
      for (const part of ['**Parameters.**', '**Returns**', '**Throws**', '```ts'])
        expect(section, name).toContain(part);
    }
  });
});

describe('the docstrings of facesieve.ts', () => {
  it.each(Object.entries(functions))('%s has an example that runs', async (name, file) => {
    const example = docExample(name, file);
    await expect(printed(example)).resolves.toBeDefined();
  });
});

describe('all examples', () => {
  it('compile under strict types, and the compiler is asked at all', () => {
    const codes = [
      ...examples.map(({ text }) => text),
      ...Object.entries(functions).map(([name, file]) => docExample(name, file)),
    ];
    const [wrongCall, ...errors] = compilerErrors([
      "import { verify } from 'facesieve';\nverify({ scores: 1 });",
      ...codes,
    ]);
    expect(wrongCall).not.toEqual([]);
    expect(errors).toEqual(codes.map(() => []));
  });
});
