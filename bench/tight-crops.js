// Tight crops of LFW's photographs, as crawlers' scripts leave them: the middle 110 of 250 pixels, which the face fills, at 64 x 64.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { NONFACES } from './face-pool.js';

const MIDDLE = { left: 70, top: 70, width: 110, height: 110 };

/** The same files below `to`. @param from a folder of folders */
export async function tightCrops(from, to) {
  for (const name of readdirSync(from).filter((one) => one !== NONFACES)) {
    mkdirSync(join(to, name), { recursive: true });
    for (const file of readdirSync(join(from, name))) {
      const out = join(to, name, file);
      if (!existsSync(out))
        await sharp(join(from, name, file))
          .extract(MIDDLE)
          .resize(64, 64)
          .jpeg({ quality: 92 })
          .toFile(out);
    }
  }
  return to;
}
