import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { pack } from 'tar-stream';
import type { Understood } from '../../src/core/understood.js';
import { Findings } from '../../src/formats/dataset/findings.js';
import { openSources } from '../../src/formats/dataset/open-sources.js';
import type { ReadOptions } from '../../src/formats/dataset/reader.js';
import { encodeRecord } from '../../src/formats/dataset/recordio-frames.js';
import { silentProgress } from '../../src/core/progress.js';
import { writeFiles } from './tiny-crawl.js';

/** What a source was read as. */
export interface ReadSet {
  /** Numbers of images by identity. */
  people: Record<string, number>;
  paths: string[];
  refused: string[];
  understood: Understood;
  /** Changes when the source does. */
  stamp: string;
}

/** Reads a source as ingest does, without decoding. */
export async function readSet(source: string, options: Partial<ReadOptions> = {}): Promise<ReadSet> {
  const findings = new Findings();
  const settings = { source, also: [], format: 'auto' as const, options: { maxFileBytes: 1 << 20, ...options } };
  const set = await openSources(settings, silentProgress, findings);
  const read: Omit<ReadSet, 'understood' | 'stamp'> = { people: {}, paths: [], refused: [] };
  for await (const { path, identity, refusal } of set.entries()) {
    if (refusal) read.refused.push(refusal.reason);
    else {
      read.people[identity] = (read.people[identity] ?? 0) + 1;
      read.paths.push(path);
    }
  }
  return { ...read, understood: findings.understood(), stamp: await set.stamp() };
}

/** Something with the first bytes of a JPEG, another one for each `seed`. */
export const likeJpeg = (seed: string | number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`picture ${seed}`)]);

/** Bytes as zstd stores what it does not compress. */
export function zstdOf(bytes: Uint8Array): Buffer {
  const BLOCK = 1 << 16;
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]; // a window of 2 MiB
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const word = (block.length << 3) | (at + BLOCK >= bytes.length ? 1 : 0);
    parts.push(Buffer.from([word & 255, (word >> 8) & 255, word >> 16]), Buffer.from(block));
  }
  return Buffer.concat(parts);
}

export type Files = Record<string, Uint8Array | string>;

export async function writeTar(
  file: string,
  files: readonly (readonly [string, Uint8Array | string])[],
): Promise<void> {
  const archive = pack();
  for (const [name, bytes] of files) archive.entry({ name }, Buffer.from(bytes));
  archive.finalize();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await buffer(archive as unknown as NodeJS.ReadableStream));
}

/** An image and what is said of whose it is: a number, text, or nothing. */
export interface Labelled {
  name: string;
  label: string | number | null;
}

/** A form in which a set with labels is written down: by all readers that have labels. */
export interface LabelledForm {
  form: string;
  /** Can hold a label that is text. */
  text: boolean;
  /** Can hold the same path twice. */
  repeats: boolean;
  /** @returns the source */
  write(folder: string, set: readonly Labelled[]): Promise<string> | string;
}

const labelText = (label: Labelled['label']): string => (label === null ? '' : String(label));

const listed = (form: string, file: string, linesOf: (set: readonly Labelled[]) => string): LabelledForm => ({
  ...{ form, text: true, repeats: false },
  write(folder, set) {
    writeFiles(folder, Object.fromEntries(set.map(({ name }, i) => [name, likeJpeg(i)])));
    writeFiles(folder, { [file]: linesOf(set) });
    return join(folder, file);
  },
});

const table = (between: string) => (set: readonly Labelled[]) =>
  ['path' + between + 'identity', ...set.map(({ name, label }) => name + between + labelText(label))].join('\n') + '\n';

export const labelledForms: readonly LabelledForm[] = [
  listed('csv', 'set.csv', table(',')),
  listed('csv with semicolons', 'set.csv', table(';')),
  listed('tsv', 'set.tsv', table('\t')),
  listed('jsonl', 'set.jsonl', (set) =>
    set.map(({ name, label }) => JSON.stringify({ path: name, identity: label }) + '\n').join(''),
  ),
  listed('lst', 'set.lst', (set) => set.map(({ name, label }, i) => `${i}\t${label ?? -1}\t${name}\n`).join('')),
  {
    ...{ form: 'parquet', text: true, repeats: true },
    write(folder, set) {
      const image = set.map(({ name }, i) => ({ bytes: likeJpeg(i), path: name }));
      const identity = set.map(({ label }) => (label === null ? null : String(label)));
      const columns = [
        { name: 'image', data: image },
        { name: 'identity', data: identity, type: 'STRING' as const },
      ];
      const schema = [
        { name: 'root', num_children: 2 },
        { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' as const },
        { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
        {
          name: 'path',
          type: 'BYTE_ARRAY' as const,
          converted_type: 'UTF8' as const,
          repetition_type: 'OPTIONAL' as const,
        },
        {
          name: 'identity',
          type: 'BYTE_ARRAY' as const,
          converted_type: 'UTF8' as const,
          repetition_type: 'OPTIONAL' as const,
        },
      ];
      const columnData = columns.map(({ name, data }) => ({ name, data }));
      writeFiles(folder, { 'set.parquet': new Uint8Array(parquetWriteBuffer({ columnData, schema })) });
      return join(folder, 'set.parquet');
    },
  },
  {
    ...{ form: 'recordio', text: false, repeats: true },
    write(folder, set) {
      const records = set.map(({ label }, i) => encodeRecord(i, [typeof label === 'number' ? label : -1], likeJpeg(i)));
      writeFiles(folder, { 'train.rec': Buffer.concat(records) });
      return join(folder, 'train.rec');
    },
  },
  {
    ...{ form: 'webdataset with .cls', text: true, repeats: true },
    async write(folder, set) {
      const stem = (name: string): string => name.replace(/\.[^.]*$/, '');
      const parts = set.flatMap(({ name, label }, i) => [
        [name, likeJpeg(i)] as const,
        ...(label === null ? [] : [[`${stem(name)}.cls`, String(label)] as const]),
      ]);
      await writeTar(join(folder, 'set.tar'), parts);
      return join(folder, 'set.tar');
    },
  },
  {
    ...{ form: 'webdataset with .json', text: true, repeats: true },
    async write(folder, set) {
      const stem = (name: string): string => name.replace(/\.[^.]*$/, '');
      const parts = set.flatMap(({ name, label }, i) => [
        [`${stem(name)}.json`, JSON.stringify({ id: i, identity: label })] as const,
        [name, likeJpeg(i)] as const,
      ]);
      await writeTar(join(folder, 'set.tar'), parts);
      return join(folder, 'set.tar');
    },
  },
  {
    ...{ form: 'a folder with .json beside each image', text: true, repeats: false },
    write(folder, set) {
      for (const [i, { name, label }] of set.entries()) {
        const json = JSON.stringify({ key: i, identity: label });
        writeFiles(join(folder, 'set'), {
          [`00000/${name}`]: likeJpeg(i),
          [`00000/${name.replace(/\.[^.]*$/, '')}.json`]: json,
        });
      }
      return join(folder, 'set');
    },
  },
];

/** A form in which a tree of folders comes. */
export interface TreeForm {
  form: string;
  write(folder: string, files: Files): Promise<string> | string;
}

export const treeForms: readonly TreeForm[] = [
  {
    form: 'a folder',
    write(folder, files) {
      writeFiles(join(folder, 'set'), files);
      return join(folder, 'set');
    },
  },
  {
    form: 'a tar',
    async write(folder, files) {
      await writeTar(join(folder, 'set.tar'), Object.entries(files));
      return join(folder, 'set.tar');
    },
  },
  {
    form: 'a tar made with -C folder .',
    async write(folder, files) {
      await writeTar(
        join(folder, 'set.tar'),
        Object.entries(files).map(([name, bytes]) => [`./${name}`, bytes] as const),
      );
      return join(folder, 'set.tar');
    },
  },
  {
    form: 'a zip',
    write(folder, files) {
      writeFiles(folder, { 'set.zip': zipSync(files as Record<string, Uint8Array>) });
      return join(folder, 'set.zip');
    },
  },
  {
    form: 'several tars in a folder',
    async write(folder, files) {
      const all = Object.entries(files);
      for (let part = 0; part < 2; part++)
        await writeTar(
          join(folder, `set/data/part-${part}.tar`),
          all.filter((_, i) => i % 2 === part),
        );
      return join(folder, 'set');
    },
  },
];
