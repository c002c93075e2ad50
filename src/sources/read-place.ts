import { open } from 'node:fs/promises';
import { joinRecord } from './recordio-frames.js';
import type { Place } from './reader.js';

/**
 * The bytes at `place`. @throws Error with the reason when they are more than `most`, cut short, or changed while they
 * were read
 */
export async function readPlace({ file, offset, length, framing }: Place, most: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw new Error('it is not a file');
    const wanted = length ?? before.size;
    if (wanted > most) throw new Error(`it has ${wanted} bytes, more than the ${most} allowed`);
    const bytes = new Uint8Array(wanted);
    const { bytesRead } = await handle.read(bytes, 0, wanted, offset ?? 0);
    const after = await handle.stat();
    if (bytesRead < wanted || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new Error('the file changed while it was read');
    return framing === 'recordio' ? joinRecord(bytes).image : bytes;
  } finally {
    await handle.close();
  }
}
