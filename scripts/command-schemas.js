import { readdirSync } from 'node:fs';
import { z } from 'zod';

const commands = new URL('../dist/commands/', import.meta.url);

/** JSON Schema of each command's --json result, by command id. */
export async function commandSchemas() {
  const files = readdirSync(commands, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const schemas = {};
  for (const file of files.sort()) {
    const { default: command } = await import(new URL(file, commands));
    schemas[file.replace('.js', '').replaceAll('/', ' ')] = z.toJSONSchema(command.resultSchema);
  }
  return schemas;
}
