import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { facesieve, tinyFlags } from './cli.js';
import { tinyCrawl } from './tiny-crawl.js';

/** A tiny crawl, sifted by the real program so that nearly every image is uncertain. Returns its workspace. */
export async function uncertainWorkspace(folder: string): Promise<string> {
  const crawl = await tinyCrawl(join(folder, 'crawl'), 5, 10, { 'A/1.jpg': 'B', 'C/5.jpg': 'somebody else' });
  const workspace = join(folder, 'workspace');
  const unsure = join(folder, 'unsure.json');
  writeFileSync(unsure, '{"reviewAt": 0, "dropAt": 1}');
  const [align, none, size, sixteen, ...training] = tinyFlags;
  for (const command of [
    ['ingest', crawl, align, none, size, sixteen],
    ['train', ...training],
    ['embed'],
    ['sift', '--config', unsure],
  ]) {
    const ended = facesieve(...command, '-w', workspace);
    expect(ended.code, ended.stderr).toBe(0);
  }
  return workspace;
}
