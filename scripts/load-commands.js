import { readdirSync } from 'node:fs';

const commands = new URL('../dist/commands/', import.meta.url);

/** Every command's class by its id, words separated by spaces. */
export async function loadCommands() {
  const files = readdirSync(commands, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const loaded = {};
  for (const file of files.sort()) {
    const { default: command } = await import(new URL(file, commands));
    loaded[file.replace('.js', '').replaceAll('/', ' ')] = command;
  }
  return loaded;
}
