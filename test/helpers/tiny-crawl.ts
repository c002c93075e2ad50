import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { encodeJpeg } from '../../src/images/encode.js';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facesieve-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that is gone after all tests of the file. */
export function longLivedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facesieve-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same in memory where the system has it so: for thousands of small files that are flushed one by one. */
export function longLivedMemoryFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'facesieve-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const SIDE = 32;

/**
 * A JPEG of somebody: an identity is a coarse pattern of colours, an image is that pattern with every patch a little off,
 * so that two images are not one photograph, and some noise.
 */
export function portrait(identity: string, take: number | string): Promise<Buffer> {
  const pattern = randomOf('portrait', identity);
  const patches = randomOf('portrait', identity, take, 'patches');
  const cells = Array.from({ length: 16 * 3 }, () => pattern.between(20, 235) + 15 * patches.normal());
  const noise = randomOf('portrait', identity, take);
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const [y, x, channel] = [Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE, i % 3];
    const cell = Math.floor(y / 8) * 4 + Math.floor(x / 8);
    return Math.min(255, Math.max(0, cells[cell * 3 + channel] + 12 * noise.normal()));
  });
  return encodeJpeg({ data, width: SIDE, height: SIDE });
}

/** Writes `files` (path -> bytes) under `folder`. */
export function writeFiles(folder: string, files: Record<string, Uint8Array | string>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/**
 * A crawl of `identities` x `images` portraits; `wrong` maps a path to whose portrait lies there instead.
 * Names: A, B, C, ...
 */
export async function tinyCrawl(
  folder: string,
  identities = 4,
  images = 8,
  wrong: Record<string, string> = {},
): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < identities; i++)
    for (let take = 0; take < images; take++) {
      const name = String.fromCharCode(65 + i);
      const path = `${name}/${take}.jpg`;
      files[path] = await portrait(wrong[path] ?? name, take + (wrong[path] ? 100 : 0));
    }
  writeFiles(folder, files);
  return folder;
}
