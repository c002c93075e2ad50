import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Flags, type Interfaces, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { loadCommands } from '../scripts/load-commands.js';
import { codeBlocks, facesieveCalls, simpleCommands } from './helpers/doc-examples.js';

interface CommandClass {
  args: Interfaces.ArgInput;
  flags: Interfaces.FlagInput;
  baseFlags: Interfaces.FlagInput;
  examples: string[];
}
const commands = (await loadCommands()) as Record<string, CommandClass>;
const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith('.md'),
);

const everywhere = { json: Flags.boolean(), help: Flags.boolean() };

/** The longest command that `words` begin with. */
function commandOf(words: readonly string[]): { id: string; rest: string[] } | undefined {
  for (let length = words.length; length > 0; length--) {
    const id = words.slice(0, length).join(' ');
    if (id in commands) return { id, rest: words.slice(length) };
  }
  return undefined;
}

/** Throws as the program itself would, on flags, values and arguments that it does not take. */
async function parseAsProgram(words: readonly string[]): Promise<void> {
  if (words.length === 1 && ['--help', '--version'].includes(words[0])) return;
  const command = commandOf(words);
  if (!command) throw new Error(`there is no command "${words.join(' ')}"`);
  const { args, flags, baseFlags } = commands[command.id];
  await Parser.parse(command.rest, { args, flags: { ...everywhere, ...baseFlags, ...flags }, strict: true });
}

const callsOf = (page: string): string[][] => codeBlocks(read(page)).flatMap(({ text }) => facesieveCalls(text));

describe('the examples in the documents', () => {
  it.each(pages)('%s calls commands that there are, with flags and arguments that they take', async (page) => {
    for (const words of callsOf(page))
      await expect(parseAsProgram(words), `facesieve ${words.join(' ')}`).resolves.toBeUndefined();
  });

  it.each(pages)('%s names commands and flags that there are in running text too', (page) => {
    const prose = read(page).replace(/^(```+)[^]*?^\1/gm, '');
    for (const [, text] of prose.matchAll(/`facesieve ([^`]+)`/g)) {
      const command = commandOf(text.split(/\s+/));
      expect(command?.id, text).toBeDefined();
      const { flags, baseFlags } = commands[command!.id];
      for (const [, flag] of text.matchAll(/--([a-z][a-z-]*)/g))
        expect(Object.keys({ ...everywhere, ...flags, ...baseFlags }), text).toContain(flag.replace(/^no-/, ''));
    }
  });

  it.each(Object.keys(commands))("%s's own examples are ones that it takes", async (id) => {
    for (const example of commands[id].examples) {
      const [words] = facesieveCalls(
        example.replace('<%= config.bin %>', 'facesieve').replace('<%= command.id %>', id),
      );
      await expect(parseAsProgram(words), example).resolves.toBeUndefined();
    }
  });

  it('are found at all', () => {
    const found = pages.flatMap(callsOf).map((words) => commandOf(words)!.id);
    expect(found.length).toBeGreaterThan(25);
    expect(new Set(found)).toContain('verify');
  });
});

describe('how examples are read', () => {
  it('as a shell reads them, in whatever they stand', () => {
    const page =
      '# Page\n\n    facesieve run "a b" --out c  # comment\n\ntext\n\n```console\n$ A=1 npx facesieve gate --rules \\\n    r.json >> log || true\n```\n- list\n      no code\n\n```yaml\nsteps:\n  - run: npx facesieve verify clean | head\n```\n';
    expect(codeBlocks(page)).toHaveLength(3);
    expect(codeBlocks(page).flatMap(({ text }) => facesieveCalls(text))).toEqual([
      ['run', 'a b', '--out', 'c'],
      ['gate', '--rules', 'r.json'],
      ['verify', 'clean'],
    ]);
    expect(simpleCommands("a 'b c'|d; e && f")).toEqual([['a', 'b c'], ['d'], ['e'], ['f']]);
  });

  it.each([
    ['an unknown command', ['injest', 'x']],
    ['an unknown flag', ['gate', '--rulez', 'x']],
    ['a value that is no choice', ['gate', '--rules', 'x', '--format', 'html']],
    ['a missing argument', ['verify']],
    ['an argument too many', ['verify', 'a', 'b']],
    ['a missing flag', ['purify']],
  ])('and %s is not taken', async (_, words) => {
    await expect(parseAsProgram(words)).rejects.toThrow();
  });
});
