import { PUBLISHED_SIZE } from '../../core/config.js';
import { EmptyInputError, FormatError } from '../../core/errors.js';
import { readRegular } from '../../core/regular-file.js';
import { imageSize } from '../../images/open-image.js';
import type { PairImage } from '../../metrics/pair-set.js';
import type { PairReader } from './pair-reader.js';
import type { Pickled } from './pickle-calls.js';
import { readPickleSubset } from './pickle-subset.js';

const AT_ONCE = 8;
/** No image has fewer bytes than this. */
const FEWEST_BYTES = 26;
/** Images of other sizes after which counting them ends. */
const MOST_TOLD = 1000;

/**
 * insightface's verification files (lfw.bin, cfp_fp.bin, agedb_30.bin): a pickled pair of lists, 2n encoded crops of
 * 112 x 112 and n booleans. Only the opcodes of such a file are read, nothing is unpickled.
 */
export const insightfaceBin: PairReader = {
  name: 'bin',
  reads: ({ file }) => file.endsWith('.bin'),
  async read({ file }) {
    const { crops, same } = contentOf(readPickleSubset(readRegular(file), file), file);
    await checkSizes(crops, file);
    const images = crops.map((bytes, i): PairImage => ({
      name: `${file}#${i}`,
      person: null,
      isCrop: true,
      read: () => Promise.resolve(bytes),
    }));
    return { images, pairs: same.map((same, i) => ({ first: 2 * i, second: 2 * i + 1, same })) };
  },
};

const isBytes = (value: Pickled): value is Uint8Array => value instanceof Uint8Array;

function contentOf(content: Pickled, file: string): { crops: Uint8Array[]; same: boolean[] } {
  const [crops, answers, ...rest] = Array.isArray(content) ? content : [];
  if (!Array.isArray(crops) || !Array.isArray(answers) || rest.length > 0)
    throw new FormatError(`"${file}" does not hold two lists, images and answers.`);
  if (!crops.every(isBytes)) throw new FormatError(`"${file}": its first list holds something that is not bytes.`);
  if (!answers.every((value) => value === true || value === false || value === 0 || value === 1))
    throw new FormatError(`"${file}": its second list holds something that is neither true nor false.`);
  if (crops.length !== 2 * answers.length)
    throw new FormatError(`"${file}": ${crops.length} images for ${answers.length} pairs; two a pair were expected.`);
  if (answers.length === 0) throw new EmptyInputError(`"${file}" holds no pairs.`);
  return { crops, same: answers.map(Boolean) };
}

/** The reference reader resizes some other sizes and fails on the rest: here they are told. @throws FormatError */
async function checkSizes(crops: readonly Uint8Array[], file: string): Promise<void> {
  const distinct = [...new Set(crops)]; // a pickle may name one image any number of times
  const others = new Map<Uint8Array, string>();
  for (let start = 0; start < distinct.length && others.size < MOST_TOLD; start += AT_ONCE) {
    const some = distinct.slice(start, start + AT_ONCE);
    const sizes = await Promise.all(some.map((crop) => (crop.length < FEWEST_BYTES ? null : imageSize(crop))));
    sizes.forEach((size, i) => {
      if (size?.width === PUBLISHED_SIZE && size.height === PUBLISHED_SIZE) return;
      others.set(some[i], size ? `${size.width} x ${size.height}` : 'no image');
    });
  }
  if (others.size === 0) return;
  const first = crops.findIndex((crop) => others.has(crop));
  const count = crops.filter((crop) => others.has(crop)).length;
  throw new FormatError(
    `"${file}": image ${first} (pair ${Math.floor(first / 2)}) is ${others.get(crops[first])}; ` +
      `crops of ${PUBLISHED_SIZE} x ${PUBLISHED_SIZE} were expected. ` +
      `Of its ${crops.length} images ${others.size < MOST_TOLD ? '' : 'at least '}${count} are of another size.`,
  );
}
