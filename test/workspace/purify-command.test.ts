import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { purifyCommand } from '../../src/workspace/purify-command.js';
import { decidedWorkspace } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

it.each<[object, string]>([
  [{ format: 'folder', mode: 'link', crops: false }, ''],
  [{ format: 'folder', mode: 'copy', crops: false }, ' --mode copy'],
  [{ format: 'recordio', mode: 'link', crops: true }, ' --format recordio --crops'],
])('purify is advised as the set was written: %j', (sheet, flags) => {
  const out = temporaryFolder();
  const workspace = decidedWorkspace(temporaryFolder(), [{ path: 'A/1.jpg', decision: 'keep' }]);
  writeFileSync(join(out, 'datasheet.json'), JSON.stringify(sheet));
  const result = {
    kept: 1,
    dropped: 0,
    duplicates: 0,
    relabelled: 0,
    identities: 1,
    emptied: 0,
    emptiedIdentities: [],
  };
  workspace.database
    .prepare("INSERT INTO stages VALUES ('key', 'purify', ?, 1, '2026-01-01')")
    .run(JSON.stringify({ ...result, out }));
  workspace.database.prepare("INSERT INTO facts VALUES ('current:purify', 'key')").run();
  expect(purifyCommand(workspace)).toBe(`facesieve purify --out ${out}${flags}`);
  workspace.close();
});
