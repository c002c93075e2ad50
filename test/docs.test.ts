import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandPage } from '../scripts/command-page.js';
import { commandSchemas } from '../scripts/command-schemas.js';
import { loadCommands } from '../scripts/load-commands.js';
import { kernelList } from '../scripts/kernel-list.js';
import { withLossTable } from '../scripts/loss-list.js';
import { defaults } from '../src/core/config.js';
import { losses } from '../src/losses/losses.js';
import { facesieve } from './helpers/cli.js';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const commands = Object.keys(await commandSchemas());
const loaded = (await loadCommands()) as Record<string, { examples: string[]; flags: object; baseFlags: object }>;

describe('the documents', () => {
  it.each(commands)('README tells of %s, and it has an example', (command) => {
    expect(read('README.md')).toMatch(new RegExp(`\`[^\`]*${command}[^\`]*\``));
    expect(loaded[command].examples.length).toBeGreaterThan(0);
  });

  it('show examples in the help', () => {
    const { stdout, code } = facesieve('decisions', 'export', '--help');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/EXAMPLES\n +\$ facesieve decisions export/)]);
  });

  it('give every default a reason', () => {
    const source = read('src/core/config.ts');
    const block = source.slice(source.indexOf('export const defaults'));
    const keys = Object.entries(defaults).flatMap(([key, value]) =>
      typeof value === 'object' ? Object.keys(value) : [key],
    );
    for (const key of keys) expect(block, key).toMatch(new RegExp(`  ${key}: `));
    expect(block.split('\n').filter((line) => line.includes(' // ')).length).toBeGreaterThan(25);
  });

  it('keep ARCHITECTURE.md to one page that names where the 75-degree rule lives', () => {
    const page = read('ARCHITECTURE.md');
    expect(page.split('\n').length).toBeLessThanOrEqual(120);
    expect(page).toContain('src/subcenter/drop-rule.ts');
    for (const [file] of page.matchAll(/src\/[a-z-]+\/[a-z-]+\.ts/g))
      expect(read(file).length, file).toBeGreaterThan(0);
  });

  it('list the kernels there are', () => {
    expect(read('docs/kernels.md')).toBe(kernelList());
  });

  it('tell every command, flag and result as they are', async () => {
    expect(read('docs/commands.md')).toBe(await commandPage());
  });

  it('list the losses there are, with their settings as they are', () => {
    const page = read('docs/losses.md');
    expect(page).toBe(withLossTable(page));
    for (const { name } of losses) {
      expect(existsSync(join(root, `src/losses/${name}.ts`)), name).toBe(true);
      expect(page.slice(page.indexOf('## ')), name).toContain(`| ${name} |`); // a row of measurements
    }
  });

  it('list every dependency with its reason', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const page = read('ARCHITECTURE.md');
    for (const name of Object.keys(dependencies)) expect(page).toContain(name.replace(/^@oclif\//, ''));
  });

  it('freeze the command line: commands and flags are those of the snapshot', () => {
    const all = JSON.parse(read('command-snapshot.json')) as { command: string; flags: string[]; plugin: string }[];
    const snapshot = all.filter(({ plugin }) => plugin === 'facesieve');
    for (const { command, flags } of snapshot) {
      const known = loaded[command.replaceAll(':', ' ')];
      expect(Object.keys({ json: true, ...known.baseFlags, ...known.flags }).sort(), command).toEqual(flags.sort());
    }
    expect(snapshot.map(({ command }) => command.replaceAll(':', ' ')).sort()).toEqual([...commands].sort());
  });
});
