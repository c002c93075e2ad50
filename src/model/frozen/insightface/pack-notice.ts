import { basename } from 'node:path';
import { packName } from '../../../core/config.js';
import { packNamed } from './find-pack.js';

/** Which files of the pack that `backbone` means are used, and under what licence; undefined when it means none. */
export function packNotice(backbone: string): string | undefined {
  const name = packName(backbone);
  if (name === undefined) return undefined;
  const { name: pack, embedder, detector, licence } = packNamed(name);
  const finds = detector ? `, ${basename(detector.file)} finds faces` : '';
  return `insightface:${pack}: ${basename(embedder.file)} embeds${finds}. Licence: ${licence}.`;
}
