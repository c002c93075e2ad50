import { Transform } from 'node:stream';
import { Decompress } from 'fzstd';

/** A stream that unpacks zstd, one frame after the other. */
export function unzstd(): Transform {
  const stream: Transform = new Transform({
    transform(chunk: Uint8Array, _, done) {
      pushed(() => unpacker.push(chunk), done);
    },
    flush(done) {
      pushed(() => unpacker.push(new Uint8Array(0), true), done);
    },
  });
  const unpacker = new Decompress((bytes) => {
    if (bytes.length > 0) stream.push(Buffer.from(bytes));
  });
  return stream;
}

function pushed(work: () => void, done: (error?: Error) => void): void {
  try {
    work();
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}
