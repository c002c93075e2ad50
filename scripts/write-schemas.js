import { writeFileSync } from 'node:fs';
import { commandSchemas } from './command-schemas.js';

for (const [id, schema] of Object.entries(await commandSchemas()))
  writeFileSync(`schemas/${id.replaceAll(' ', '-')}.json`, `${JSON.stringify(schema, null, 2)}\n`);
