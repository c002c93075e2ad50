import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { refuseSharedPlace } from '../../src/shards/places.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const [NFS, FUSE, EXT4] = [0x6969, 0x65735546, 0xef53];

describe('the place of a workspace', () => {
  it('is refused in the exchange folder and on a network file system', () => {
    const exchange = temporaryFolder();
    const place = (folder: string, kind: number) => refuseSharedPlace(folder, '--workspace', exchange, () => kind);
    expect(() => place(join(exchange, 'workspace'), EXT4)).toThrow(UsageError);
    expect(() => place(exchange, EXT4)).toThrow('lies in the exchange folder');
    expect(() => place('/elsewhere', NFS)).toThrow('lies on a network file system (NFS)');
    expect(place('/elsewhere', EXT4)).toBeUndefined();
  });

  it('is doubtful where a program mounts it', () => {
    const said = refuseSharedPlace('/elsewhere', '--scratch', temporaryFolder(), () => FUSE);
    expect(said).toContain('--scratch "/elsewhere" lies on a file system that a program mounts (FUSE)');
  });

  it('is asked of the system', () => {
    expect(
      refuseSharedPlace(join(temporaryFolder(), 'new/workspace'), '--workspace', temporaryFolder()),
    ).toBeUndefined();
  });
});
