import { readFileSync, writeFileSync } from 'node:fs';
import { withLossTable } from './loss-list.js';

writeFileSync('docs/losses.md', withLossTable(readFileSync('docs/losses.md', 'utf8')));
