import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../core/errors.js';
import { holds, realPlace } from '../core/real-place.js';

/** File systems that several machines see at once, by the number that statfs gives (Linux, statfs(2)). */
const shared: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xfe534d42: 'SMB',
  0xff534d42: 'CIFS',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
  0x19830326: 'BeeGFS',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
  0x7461636f: 'OCFS2',
  0x01161970: 'GFS2',
};

/** Mounted by a program: a bucket or another machine's folder, or a local disk. */
const FUSE = 0x65735546;

/** Number of the file system that `path`, or the nearest folder above it that exists, lies on. */
function fileSystemOf(path: string): number {
  let here = resolve(path);
  while (!existsSync(here) && dirname(here) !== here) here = dirname(here);
  return statfsSync(here).type;
}

/**
 * A workspace is an SQLite database in WAL mode: it breaks where several machines see it. It lies on a disk of one machine.
 * @param flag that names the folder
 * @returns what is doubtful about the place, if anything
 * @throws UsageError when `folder` lies in the exchange folder or on a file system that machines share
 */
export function refuseSharedPlace(
  folder: string,
  flag: string,
  exchange: string,
  kindOf = fileSystemOf,
): string | undefined {
  const advice = [`Name a folder on a disk of this machine: ${flag} /tmp/NAME`];
  if (holds(realPlace(exchange), realPlace(folder)))
    throw new UsageError(
      `${flag} "${folder}" lies in the exchange folder; a database there breaks when several machines see it.`,
      advice,
    );
  const kind = kindOf(folder);
  const name = shared[kind];
  if (name !== undefined)
    throw new UsageError(
      `${flag} "${folder}" lies on a network file system (${name}); a database there breaks when several machines see it.`,
      advice,
    );
  if (kind !== FUSE) return undefined;
  return `${flag} "${folder}" lies on a file system that a program mounts (FUSE): if that is no disk of this machine, choose another folder`;
}
