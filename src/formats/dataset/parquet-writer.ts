import { join } from 'node:path';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { OutImage, Writer } from './writer.js';

/** Rows a group: as many images are in memory at once, here and at the reader. */
const GROUP = 100;

const schema = [
  { name: 'root', num_children: 4 },
  { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
  { name: 'identity', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'sha256', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
] as const;

/** data/train-00000-of-00001.parquet with an image column as Hugging Face datasets have it, labels and identities. */
export const parquetWriter: Writer = {
  name: 'parquet',
  filePerImage: false,
  async write(images, { folder, identities, step }) {
    const writer = new ParquetWriter({
      writer: fileWriter(join(folder, 'train-00000-of-00001.parquet')),
      schema: [...schema],
      codec: 'UNCOMPRESSED', // images are compressed already
      statistics: false,
      createdBy: 'facesieve',
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify(features(identities)) }],
    });
    for (let from = 0; from < images.length; from += GROUP) {
      step();
      const group = images.slice(from, from + GROUP);
      await writer.write({ columnData: await columnsOf(group), rowGroupSize: GROUP });
    }
    await writer.finish();
    return images.map(({ path }) => path);
  },
};

async function columnsOf(images: readonly OutImage[]) {
  const pictures = await Promise.all(images.map(async (image) => ({ bytes: await image.read(), path: image.path })));
  return [
    { name: 'image', data: pictures },
    { name: 'label', data: images.map(({ label }) => BigInt(label)) },
    { name: 'identity', data: images.map(({ identity }) => identity) },
    { name: 'sha256', data: images.map(({ sha256 }) => sha256) },
  ];
}

/** What Hugging Face's `datasets` reads the types of columns from. */
const features = (identities: readonly string[]): object => ({
  info: {
    features: {
      image: { _type: 'Image' },
      label: { names: identities, _type: 'ClassLabel' },
      identity: { dtype: 'string', _type: 'Value' },
      sha256: { dtype: 'string', _type: 'Value' },
    },
  },
});
