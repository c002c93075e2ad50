import { z } from 'zod';
import { loadCommands } from './load-commands.js';

/** JSON Schema of each command's --json result, by command id. */
export async function commandSchemas() {
  const commands = Object.entries(await loadCommands());
  return Object.fromEntries(commands.map(([id, command]) => [id, z.toJSONSchema(command.resultSchema)]));
}
