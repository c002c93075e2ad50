import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Config } from '@oclif/core';
import type { BaseCommand } from '../../src/cli/base-command.js';
import type { Ended } from './served-program.js';

const root = resolve(import.meta.dirname, '../..');
const commands = join(root, 'src/commands');

/** Ids of all commands, words separated by spaces: a file each. */
export const commandIds: readonly string[] = readdirSync(commands, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, '').replaceAll('/', ' '))
  .sort();

let config: Promise<Config> | undefined;

type Written = (chunk: string | Uint8Array) => boolean;

/** Runs the command `id` of src/ in this process, which is no terminal, and catches what it prints. */
export async function runInProcess(
  id: string,
  argv: readonly string[],
  onOutput: (text: string) => void = () => undefined,
): Promise<Ended> {
  const file = join(commands, `${id.replaceAll(' ', '/')}.ts`);
  const { default: command } = (await import(file)) as {
    default: { run(argv: string[], config: Config): Promise<unknown> } & typeof BaseCommand;
  };
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) => caught(stream, onOutput));
  process.exitCode = 0;
  try {
    config ??= Config.load({ root });
    await command.run([...argv], await config);
  } finally {
    for (const { release } of [stdout, stderr]) release();
  }
  const code = Number(process.exitCode);
  process.exitCode = 0;
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** What is written to `stream` from now on, until it is released. */
function caught(stream: NodeJS.WriteStream, onOutput: (text: string) => void) {
  const original = stream.write.bind(stream) as NodeJS.WriteStream['write'];
  const chunks: string[] = [];
  const write: Written = (chunk) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    chunks.push(text);
    onOutput(text);
    return true;
  };
  stream.write = write as NodeJS.WriteStream['write'];
  return { text: () => chunks.join(''), release: () => (stream.write = original) };
}
