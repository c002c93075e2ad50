import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkspaceBusyError, WorkspaceError } from '../../../src/core/errors.js';
import { columns } from '../../../src/workspace/erase/columns.js';
import { erase, type ForgetResult } from '../../../src/workspace/erase/erase.js';
import { readDecisions } from '../../../src/workspace/decisions.js';
import { refuseHalfForgotten } from '../../../src/workspace/erase/tombstones.js';
import { currentVerdicts, giveVerdicts } from '../../../src/workspace/verdicts.js';
import { lookIntoWorkspace, openWorkspace, type Workspace } from '../../../src/workspace/workspace.js';
import { forgettableWorkspace, holdings, type Said } from '../../helpers/forgettable-workspace.js';
import { failingAt } from '../../helpers/killed-at.js';
import { longLivedMemoryFolder } from '../../helpers/tiny-crawl.js';

const folder = longLivedMemoryFolder();
let made = 0;

function inWorkspace<R>(people: string[], said: Said[], work: (workspace: Workspace, at: string) => R): R {
  const at = join(folder, String(made++));
  forgettableWorkspace(at, people, said);
  const workspace = openWorkspace(at, false);
  try {
    return work(workspace, at);
  } finally {
    workspace.close();
  }
}

const gone = (workspace: Workspace, ...names: string[]): ForgetResult => erase(workspace, names, { yes: true });

/** That the images which stay have what they had. */
function expectOthersWhole(workspace: Workspace, before: Record<string, string[]>, name: string): void {
  const stay = Object.entries(before).filter(([path]) => !path.startsWith(`${name}/`));
  expect(holdings(workspace)).toEqual(Object.fromEntries(stay));
}

describe('names that mean something else too', () => {
  it('takes a person out whose name a reviewer bears, leaves the reviewer, and tells where the name still is', () => {
    const said: Said[] = [{ path: 'Bo Diddley/0.jpg', verdict: 'hard', reviewer: 'Ada Lovelace' }];
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], said, (workspace) => {
      const before = holdings(workspace);
      const { found, searched } = gone(workspace, 'Ada Lovelace');
      expect(found).toEqual([
        {
          ...{ what: 'Ada Lovelace', where: 'facesieve.db: verdicts.reviewer', times: 1 },
          why: 'a reviewer of that name; verdicts keep whose they are',
        },
      ]);
      expect(searched!.needles).toBe(1 + 4 + 4);
      expect(currentVerdicts(workspace).get('Bo Diddley/0.jpg')!.reviewer).toBe('Ada Lovelace');
      expectOthersWhole(workspace, before, 'Ada Lovelace');
    });
  });

  it.each(['[x', '{x', '["Ada"]', '{"a":1}', '[', '"', 'null', '1'])(
    'takes people out where an image was given to one who is called %s, and that one too',
    (name) => {
      const said: Said[] = [{ path: 'Bo Diddley/0.jpg', verdict: 'relabel', identity: name }];
      inWorkspace(['Ada Lovelace', 'Bo Diddley', 'Cy'], said, (workspace) => {
        expect(gone(workspace, 'Ada Lovelace')).toMatchObject({ images: 4, found: [] });
        expect(currentVerdicts(workspace).get('Bo Diddley/0.jpg')!.identity).toBe(name);
        expect(gone(workspace, name)).toMatchObject({ identities: 1, paths: ['Bo Diddley/0.jpg'], found: [] });
        expect(currentVerdicts(workspace).size).toBe(0);
      });
    },
  );

  it.each([
    'drop',
    'keep',
    'review',
    'relabel',
    'merge',
    'sift',
    'train',
    'ok',
    'set',
    'not',
    'picture',
    'identities',
    'identity',
  ])('takes a person out who is called %s, and leaves decisions, reasons and stages as they were', (name) => {
    const said: Said[] = [{ path: 'Cy/0.jpg', verdict: 'drop' }];
    inWorkspace(['Bo', name, 'Cy'], said, (workspace) => {
      const before = holdings(workspace);
      const decided = readDecisions(workspace, 'sift-1').filter(({ path }) => path.startsWith('Cy/'));
      const { found } = gone(workspace, name);
      expect(found.filter(({ why }) => why === null)).toEqual([]);
      expect(readDecisions(workspace, 'sift-1').filter(({ path }) => path.startsWith('Cy/'))).toEqual(decided);
      const [first] = readDecisions(workspace, 'sift-1'); // whose rival was the one who is gone
      expect(first).toMatchObject({
        ...{ path: 'Bo/0.jpg', decision: 'drop', evidence: { rivalIdentity: null, rivalCos: null, sameAs: [] } },
        reason: 'not (forgotten): the same picture as (forgotten), in another file',
      });
      expect(currentVerdicts(workspace).get('Cy/0.jpg')!.verdict).toBe('drop');
      expectOthersWhole(workspace, before, name);
    });
  });

  it('leaves a name of which the forgotten one is a part', () => {
    inWorkspace(['Ann Lee', 'Ann Leech', 'Mary Ann Lee'], [], (workspace) => {
      const before = holdings(workspace);
      expect(gone(workspace, 'Ann Lee').found).toEqual([]);
      expectOthersWhole(workspace, before, 'Ann Lee');
    });
  });

  it('takes out whoever it is, whatever the others are called', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .map((text) => text.replace(/[/\0\\.]/g, '_').trim())
      .filter((text) => text.length > 0);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 3, maxLength: 3 }), ([first, second, third]) => {
        const said: Said[] = [
          { path: `${third}/0.jpg`, verdict: 'keep', reviewer: first },
          { path: `${third}/1.jpg`, verdict: 'relabel', identity: second },
        ];
        inWorkspace([first, second, third], said, (workspace) => {
          const before = holdings(workspace);
          const { found } = gone(workspace, first);
          expect(found.filter(({ why }) => why === null)).toEqual([]);
          expectOthersWhole(workspace, before, first);
          expect(gone(workspace, first).already).toHaveLength(1);
        });
      }),
      { numRuns: 40, seed: 17 },
    );
  });
});

describe('the search afterwards', () => {
  it('finds what somebody else left in the workspace, also as it stands in JSON, addresses and names of files', () => {
    inWorkspace(['Ada "A" Lovelace', 'Bo Diddley'], [], (workspace, at) => {
      mkdirSync(join(at, 'notes/Ada "A" Lovelace'), { recursive: true });
      writeFileSync(join(at, 'notes/Ada "A" Lovelace/x'), '');
      writeFileSync(join(at, 'notes/json'), JSON.stringify(['Ada "A" Lovelace']));
      writeFileSync(join(at, 'notes/address'), '?of=Ada%20%22A%22%20Lovelace');
      writeFileSync(join(at, 'notes/hash'), 'Ada "A" Lovelace 2 in hexadecimal');
      const where = gone(workspace, 'Ada "A" Lovelace').found.map((one) => `${one.where} ${one.why}`);
      expect([...new Set(where)].sort()).toEqual([
        ...['notes/address null', 'notes/hash null', 'notes/json null'],
        'the name of notes/Ada "A" Lovelace/x null',
      ]);
    });
  });

  it('tells of the reason that was given, and of a source that bears the name', () => {
    inWorkspace(['somewhere', 'Bo Diddley'], [], (workspace) => {
      const { found } = erase(workspace, ['somewhere'], { yes: true, reason: 'somewhere asked' });
      expect(found.map(({ where, why }) => [where, why])).toEqual([
        ['facesieve.db: facts.value', 'where the images come from'],
        ['facesieve.db: images.error', 'the reason that was given for forgetting, which is kept in clear'],
        ['facesieve.db: forgotten.reason', 'the reason that was given for forgetting, which is kept in clear'],
      ]);
    });
  });

  it('knows every column of text there is', () => {
    inWorkspace(['Bo'], [], ({ database }) => {
      const there = database
        .prepare(
          `SELECT tables.name || '.' || columns.name FROM sqlite_schema tables, pragma_table_info(tables.name) columns
           WHERE tables.type = 'table' AND columns.type = 'TEXT' ORDER BY 1`,
        )
        .pluck()
        .all();
      const known = Object.entries(columns).flatMap(([table, names]) =>
        Object.keys(names).map((name) => `${table}.${name}`),
      );
      expect(known.sort()).toEqual(there);
    });
  });
});

describe('links', () => {
  it('leaves what lies behind them, and says so', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace, at) => {
      const [crops, backup] = [join(at, 'crops/crops.u8'), `${at}.backup`];
      linkSync(crops, backup);
      const bytes = readFileSync(crops);
      rmSync(join(at, 'reports'), { recursive: true });
      mkdirSync(`${at}.reports`);
      writeFileSync(`${at}.reports/report.html`, 'Ada Lovelace');
      symlinkSync(`${at}.reports`, join(at, 'reports'));
      const { left, found } = gone(workspace, 'Ada Lovelace');
      expect(left.filter((line) => line.startsWith('what lies behind'))).toEqual(
        [crops, join(at, 'reports')].map(
          (one) => `what lies behind a link, or under another name of the same file: ${one}`,
        ),
      );
      expect(readFileSync(backup).equals(bytes)).toBe(true);
      expect(readFileSync(`${at}.reports/report.html`, 'utf8')).toBe('Ada Lovelace');
      expect(found).toEqual([]);
    });
  });
});

describe('what stands in the way', () => {
  it('refuses before anything is touched when the crop file is cut short', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace, at) => {
      const file = join(at, 'crops/crops.u8');
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.subarray(0, bytes.length - 1));
      expect(() => gone(workspace, 'Ada Lovelace')).toThrow(/crops\.u8" is cut short: it holds 9 of 10 crops/);
      expect(() => refuseHalfForgotten(workspace)).not.toThrow();
      writeFileSync(file, bytes);
      expect(gone(workspace, 'Ada Lovelace').crops).toBe(5);
    });
  });

  it('lets a checkpoint and embeddings that cannot be read go whole, and names them', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace, at) => {
      for (const file of ['checkpoints/train-1.safetensors', 'embeddings/train-1.safetensors'])
        writeFileSync(join(at, file), readFileSync(join(at, file)).subarray(0, -4));
      const { unreadable, found } = gone(workspace, 'Ada Lovelace');
      expect(unreadable.map((file) => file.slice(at.length + 1)).sort()).toEqual([
        ...['checkpoints/train-1.safetensors', 'embeddings/train-1.safetensors'],
      ]);
      expect(found).toEqual([]);
      expect(readdirSync(join(at, 'embeddings'))).toEqual([expect.stringMatching(/^features-/)]);
    });
  });

  it('is no success while another process reads the database: the workspace is refused until it is finished', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace, at) => {
      workspace.database.pragma('busy_timeout = 0');
      const reader = lookIntoWorkspace(at);
      reader.database.exec('BEGIN; SELECT count(*) FROM images');
      expect(() => gone(workspace, 'Ada Lovelace')).toThrow(WorkspaceBusyError);
      reader.database.exec('COMMIT');
      reader.close();
      expect(() => refuseHalfForgotten(workspace)).toThrow(WorkspaceError);
      expect(gone(workspace, 'Bo Diddley/0.jpg')).toMatchObject({ finished: ['Ada Lovelace'], images: 1, found: [] });
      expect(() => refuseHalfForgotten(workspace)).not.toThrow();
    });
  });

  it('says what it finished when the next name is unknown', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace) => {
      expect(() => failingAt(40, () => gone(workspace, 'Ada Lovelace'))).toThrow('EIO');
      expect(() => gone(workspace, 'Bo Didley')).toThrow(
        /nothing else was forgotten\. What was interrupted before is finished: "Ada Lovelace"\.$/,
      );
      expect(gone(workspace, 'Ada Lovelace').already).toHaveLength(1);
    });
  });

  it('says of a name that was forgotten before when and why, and does nothing', () => {
    inWorkspace(['Ada Lovelace', 'Bo Diddley'], [], (workspace) => {
      erase(workspace, ['Ada Lovelace'], { yes: true, reason: 'request 17' });
      const { already, images } = gone(workspace, 'Ada Lovelace', '/somewhere/crawl/Ada Lovelace/1.jpg');
      expect(images).toBe(0);
      expect(already.map((one) => one.replace(/ on \S+:/, ':'))).toEqual([
        ...['Ada Lovelace: forgotten: request 17', '/somewhere/crawl/Ada Lovelace/1.jpg: forgotten: request 17'],
      ]);
      giveVerdicts(workspace, [{ path: 'Bo Diddley/2.jpg', verdict: 'relabel', identity: 'Ada Lovelace' }], 'me');
      expect(gone(workspace, 'Ada Lovelace').paths).toEqual(['Bo Diddley/2.jpg']); // somebody named it again
    });
  });
});
