import Sqlite from 'better-sqlite3';
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FacesieveError, FormatError } from '../../src/core/errors.js';
import { explainSystemError, isMachineFault, SystemError } from '../../src/core/system-errors.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const raisedBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it raised nothing');
};

const codes = [
  ...['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ESTALE', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST'],
  ...[
    'EFBIG',
    'ENAMETOOLONG',
    'EXDEV',
    'EMFILE',
    'ENFILE',
    'ENOMEM',
    'EAGAIN',
    'EBUSY',
    'ENOTEMPTY',
    'ELOOP',
    'EMLINK',
  ],
  ...['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_CANTOPEN', 'SQLITE_CANTOPEN_ISDIR'],
  ...['SQLITE_CORRUPT_VTAB', 'SQLITE_NOTADB', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_NOMEM'],
  ...['ERR_WORKER_INIT_FAILED', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_FS_FILE_TOO_LARGE'],
];

describe('an error of the system', () => {
  it.each(codes)('%s says what happened, where, and what to do', (code) => {
    const told = explainSystemError(Object.assign(new Error('as it came'), { code }), { path: '/where/it/was' });
    expect(told).toBeInstanceOf(SystemError);
    const { message, suggestions } = told as SystemError;
    expect(message).toContain(`(${code})`);
    expect(message).toMatch(/^[A-Z"].*\./);
    expect(suggestions).toHaveLength(1);
  });

  it('names the path that Node names, of a rename the one that was written', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const error = raisedBy(() => mkdirSync(join(file, 'below')));
    expect((explainSystemError(error) as Error).message).toContain(`"${join(file, 'below')}"`);
    const rename = Object.assign(new Error('EXDEV'), { code: 'EXDEV', path: '/from', dest: '/to' });
    expect((explainSystemError(rename) as Error).message).toContain('"/to"');
  });

  it('is known by its words where a thread lost its code', () => {
    const error = new Error("EIO: i/o error, open '/crawl/a.jpg'");
    expect((explainSystemError(error) as Error).message).toMatch(/"\/crawl\/a\.jpg" \(input\/output error\)/);
    expect(isMachineFault(new Error('EMFILE: too many open files, open'))).toBe(true);
    expect(isMachineFault(raisedBy(() => new Float64Array(2 ** 40)))).toBe(true);
    expect(isMachineFault(error)).toBe(false);
  });

  it('comes from a real full device and a real file that is no database', () => {
    const full = raisedBy(() => writeSync(openSync('/dev/full', 'w'), 'x'));
    expect((explainSystemError(full, { path: 'out' }) as Error).message).toMatch(/The disk is full: "out"/);
    const file = join(temporaryFolder(), 'facesieve.db');
    writeFileSync(file, 'this is no database, and it is long enough to be looked at as one '.repeat(20));
    const error = raisedBy(() => new Sqlite(file).prepare('SELECT 1 FROM facts').get());
    expect((explainSystemError(error, { path: file }) as Error).message).toMatch(/is damaged, or is not a database/);
  });

  it('of ours, and faults of the program, stay what they are', () => {
    const ours = new FormatError('ours');
    expect(explainSystemError(ours)).toBe(ours);
    const fault = raisedBy(() => (undefined as unknown as { x: number }).x);
    expect(explainSystemError(fault)).toBe(fault);
    expect(fault).not.toBeInstanceOf(FacesieveError);
  });
});
