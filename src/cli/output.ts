import { fstatSync } from 'node:fs';
import { writeFully } from '../core/atomic-write.js';

/**
 * Writes a result to standard output, all of it: Node's stream takes a disk that fills half way for a success.
 * @throws Error of the system when a file takes no more
 */
export function writeOut(content: string | Uint8Array): void {
  if (fstatSync(process.stdout.fd).isFile())
    writeFully(process.stdout.fd, typeof content === 'string' ? Buffer.from(content) : content);
  else process.stdout.write(content);
}
