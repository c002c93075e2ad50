import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaults } from '../core/config.js';
import { shellWord } from '../core/text/visible-text.js';
import { currentResult } from './stage.js';
import type { Workspace } from './workspace.js';

/** The folder that the purified set was written to last. */
export const purifiedFolder = (workspace: Workspace): string | undefined => currentResult(workspace, 'purify')?.out;

/** The command that writes the purified set again, in the place and format that it had. */
export function purifyCommand(workspace: Workspace): string {
  const out = purifiedFolder(workspace) ?? join(workspace.folder, 'purified');
  const { format = 'folder', mode = defaults.purify.mode, crops = false } = sheetOf(out);
  const as = [
    ...(format === 'folder' ? [] : ['--format', shellWord(format)]),
    ...(mode === defaults.purify.mode ? [] : ['--mode', shellWord(mode)]),
    ...(crops ? ['--crops'] : []),
  ];
  return ['facesieve purify --out', shellWord(resolve(out)), ...as].join(' ');
}

function sheetOf(out: string): { format?: string; mode?: string; crops?: boolean } {
  try {
    return JSON.parse(readFileSync(join(out, 'datasheet.json'), 'utf8')) as ReturnType<typeof sheetOf>;
  } catch {
    return {}; // there is no set there any more, or none yet
  }
}
