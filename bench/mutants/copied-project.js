import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const copied = [
  'src',
  'test',
  'bin',
  'data',
  'docs',
  'schemas',
  'vendor',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const linked = ['node_modules', 'dist', 'bench', 'scripts', 'README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];

/** A copy of the project in which a source can be wrong while tests run. */
export class CopiedProject {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'facesieve-mutants-'));
    for (const name of copied) cpSync(join(root, name), join(this.folder, name), { recursive: true });
    for (const name of linked) symlinkSync(join(root, name), join(this.folder, name));
  }

  /** Puts `replace` where `find` stands, once, in src/`file`. @returns {string} the changed file @throws Error when it is not there, or not once */
  put(file, find, replace) {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`src/${file} has ${parts.length - 1} times: ${find}`);
    const target = join(this.folder, 'src', file);
    writeFileSync(target, parts.join(replace));
    return target;
  }

  restore(file) {
    cpSync(join(root, 'src', file), join(this.folder, 'src', file));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
