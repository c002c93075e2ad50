/** Bits in which two hashes of one picture may differ: bad JPEG and small sizes change up to eight. */
const MOST_BITS = 10;
/** Places looked ahead in each order: however many pictures share a hash, the work stays N log N. */
const AHEAD = 4;

/**
 * Pairs of pictures with nearly the same difference hash, or nearly that of the other's mirror image. Sorted by the hash
 * turned by 0, 16, 32 and 48 bits, pictures that agree in any 16 bits lie near each other (Manku, Jain & Das Sarma 2007);
 * each is compared with the next few. @param hashes 16 hexadecimal digits each @returns pairs, the lower number first
 */
export function hashNeighbours(hashes: readonly string[]): [number, number][] {
  const upright = Uint32Array.from(
    hashes.flatMap((hash) => [parseInt(hash.slice(0, 8), 16), parseInt(hash.slice(8), 16)]),
  );
  const words = new Uint32Array(2 * upright.length);
  words.set(upright);
  words.set(upright.map(mirroredRows), upright.length);
  const pairs = new Map<string, [number, number]>();
  for (let turn = 0; turn < 4; turn++)
    for (const [a, b] of nearInOrder(words, turn)) {
      const [first, second] = [a % hashes.length, b % hashes.length];
      if (first !== second && bitsBetween(words, a, b) <= MOST_BITS)
        pairs.set(`${Math.min(first, second)} ${Math.max(first, second)}`, [
          Math.min(first, second),
          Math.max(first, second),
        ]);
    }
  return [...pairs.values()];
}

/** Four rows of a difference hash as the mirror image has them: backwards, and each comparison the other way round. */
function mirroredRows(word: number): number {
  let bits = ~word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  return (((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4)) >>> 0;
}

/** Pairs that lie at most {@link AHEAD} places apart when sorted by the hashes turned by `turn` times 16 bits. */
function* nearInOrder(words: Uint32Array, turn: number): Generator<[number, number]> {
  const count = words.length / 2;
  const part = (at: number, i: number): number => (words[2 * at + ((i & 2) >> 1)] >>> (i & 1 ? 0 : 16)) & 0xffff;
  const keys = Float64Array.from({ length: count }, (_, at) =>
    [0, 1, 2].reduce((key, i) => key * 65536 + part(at, (turn + i) & 3), 0),
  );
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
  for (let i = 0; i < count; i++)
    for (let next = i + 1; next <= Math.min(i + AHEAD, count - 1); next++) yield [order[i], order[next]];
}

function bitsBetween(words: Uint32Array, a: number, b: number): number {
  return bitsIn(words[2 * a] ^ words[2 * b]) + bitsIn(words[2 * a + 1] ^ words[2 * b + 1]);
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
