import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomically } from '../../src/core/atomic-write.js';
import { readTensors, writeTensors } from '../../src/core/safetensors.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

describe('a file written atomically', () => {
  it('replaces the old one whole', () => {
    const file = join(temporaryFolder(), 'below', 'file');
    writeAtomically(file, 'old');
    writeAtomically(file, 'ne', Buffer.from('w'));
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('leaves the old one when the disk is full, and says so', () => {
    const file = join(temporaryFolder(), 'checkpoint');
    writeFileSync(file, 'old');
    symlinkSync('/dev/full', `${file}.partial`); // every write there fails as on a full disk
    expect(() => writeAtomically(file, 'new')).toThrow(/The disk is full.*untouched/);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('never takes the place of what is no file, such as a device', async () => {
    const socket = join(temporaryFolder(), 'socket'); // a device can only be made, or lost, by root
    const server = createServer().listen(socket);
    await once(server, 'listening');
    expect(() => writeAtomically(socket, 'new')).toThrow(/is not a file/);
    expect(statSync(socket).isSocket()).toBe(true);
    server.close();
  });

  it('goes where a link leads, and leaves the link', () => {
    const folder = temporaryFolder();
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    writeFileSync(file, 'old');
    symlinkSync(file, link);
    writeAtomically(link, 'new');
    expect([readFileSync(file, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual(['new', true]);
  });

  it.skipIf(!existsSync('/proc/self'))('says so where no folder can be made, instead of trying for ever', () => {
    expect(() => writeAtomically('/proc/none/such', 'new')).toThrow(/cannot be made/);
  });
});

describe('a tensor file', () => {
  const file = () => join(temporaryFolder(), 'tensors');

  it('comes back as it was, metadata and odd names too', () => {
    const path = file();
    const tensors = {
      'a:b.c': { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, NaN, Infinity) },
      ünïcode: { shape: [1], data: Float32Array.of(7) },
    };
    writeTensors(path, { tensors, metadata: { note: 'näive "quotes"' } });
    const read = readTensors(path);
    expect(read.metadata).toEqual({ note: 'näive "quotes"' });
    expect(read.tensors).toEqual(tensors);
  });

  it('gives only the tensors that are asked for', () => {
    const path = file();
    const tensors = {
      small: { shape: [1], data: Float32Array.of(7) },
      large: { shape: [3], data: Float32Array.of(1, 2, 3) },
    };
    writeTensors(path, { tensors, metadata: {} });
    const read = readTensors(path, { only: ['large'] }).tensors;
    expect(Object.keys(read)).toEqual(['large']);
    expect([...read.large.data]).toEqual([1, 2, 3]);
  });

  it('that is cut short is refused', () => {
    const path = file();
    writeTensors(path, { tensors: { x: { shape: [100], data: new Float32Array(100) } }, metadata: {} });
    writeFileSync(path, readFileSync(path).subarray(0, 200));
    expect(() => readTensors(path)).toThrow(/not a whole tensor file/);
  });

  it('begins its values at a multiple of eight, as the format asks', () => {
    const path = file();
    writeTensors(path, { tensors: { x: { shape: [1], data: Float32Array.of(1) } }, metadata: {} });
    expect((8 + Number(readFileSync(path).readBigUInt64LE(0))) % 8).toBe(0);
  });
});
