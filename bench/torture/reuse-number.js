import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { safeReplace } from './safe-replace.js';

/**
 * Replaces a file safely, and before that sends a byte over a socket that has the number of a closed descriptor of that
 * file. A fault of the file must not meet the socket.
 */
export async function reuseNumber(from, to) {
  const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const handles = Array.from({ length: 20 }, () => openSync(to, 'r'));
    for (const handle of handles) closeSync(handle);
    const client = createConnection(server.address().port, '127.0.0.1');
    await once(client, 'data');
    client.destroy();
  } catch (error) {
    process.stderr.write(`Error: "${to}" could not be read (${error.code}).\n`);
    return 2;
  } finally {
    server.close();
  }
  return safeReplace(from, to);
}
