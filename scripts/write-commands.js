import { writeFileSync } from 'node:fs';
import { commandPage } from './command-page.js';

writeFileSync('docs/commands.md', await commandPage());
