/** Bits in which two hashes of one picture may differ: bad JPEG and small sizes change up to eight. */
const MOST_BITS = 10;
/** Places looked ahead in each order: however many pictures share a hash, the work stays N log N. */
const AHEAD = 4;
/** Ways to turn a hash by 16 bits. */
const TURNS = 4;

/**
 * Pairs of pictures with nearly the same difference hash, or nearly that of the other's mirror image. Sorted by the hash
 * turned by 0, 16, 32 and 48 bits, pictures that agree in any 16 bits lie near each other (Manku, Jain & Das Sarma 2007);
 * each is compared with the next few. @param hashes (N, 2) words, the high one first @yields pairs, the lower number first, each once
 */
export function* hashNeighbours(hashes: Uint32Array): Generator<[number, number]> {
  const count = hashes.length / 2;
  const words = new Uint32Array(2 * hashes.length);
  words.set(hashes);
  for (let i = 0; i < hashes.length; i++) words[hashes.length + i] = mirroredRows(hashes[i]);
  const found = Array.from({ length: TURNS }, (_, turn) => nearPairs(words, turn));
  const offsets = found.map((_, turn) => found.slice(0, turn).reduce((sum, { length }) => sum + length, 0));
  const keys = new Float64Array(offsets[TURNS - 1] + found[TURNS - 1].length);
  found.forEach((some, turn) => keys.set(some, offsets[turn]));
  for (const at of firstOfEach(keys)) yield [Math.floor(keys[at] / count), keys[at] % count];
}

/** Places of the first of each value, in order. */
function* firstOfEach(keys: Float64Array): Generator<number> {
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b] || a - b);
  const isFirst = new Uint8Array(keys.length);
  order.forEach((at, i) => {
    if (i === 0 || keys[order[i - 1]] !== keys[at]) isFirst[at] = 1;
  });
  for (let at = 0; at < keys.length; at++) if (isFirst[at] === 1) yield at;
}

/** Four rows of a difference hash as the mirror image has them: backwards, and each comparison the other way round. */
function mirroredRows(word: number): number {
  let bits = ~word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  return (((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4)) >>> 0;
}

/**
 * Pairs that lie at most {@link AHEAD} places apart when sorted by the hashes turned by `turn` times 16 bits, and differ in
 * few bits: lower picture times N plus higher one. Typed arrays, since a Set holds no more than 2^24 pairs.
 */
function nearPairs(words: Uint32Array, turn: number): Float64Array {
  const [places, count] = [words.length / 2, words.length / 4];
  const order = turnedOrder(words, turn);
  let pairs = new Float64Array(1024);
  let used = 0;
  for (let i = 0; i < places; i++)
    for (let next = i + 1; next <= Math.min(i + AHEAD, places - 1); next++) {
      const [a, b] = [order[i], order[next]];
      const [first, second] = [a % count, b % count];
      if (first === second || bitsBetween(words, a, b) > MOST_BITS) continue;
      if (used === pairs.length) pairs = grown(pairs);
      pairs[used++] = Math.min(first, second) * count + Math.max(first, second);
    }
  return pairs.subarray(0, used);
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Hashes sorted when turned by `turn` times 16 bits, by their first 48. */
function turnedOrder(words: Uint32Array, turn: number): Uint32Array {
  const part = (at: number, i: number): number => (words[2 * at + ((i & 2) >> 1)] >>> (i & 1 ? 0 : 16)) & 0xffff;
  const keys = new Float64Array(words.length / 2);
  for (let at = 0; at < keys.length; at++)
    keys[at] = (part(at, turn & 3) * 65536 + part(at, (turn + 1) & 3)) * 65536 + part(at, (turn + 2) & 3);
  return Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
}

function bitsBetween(words: Uint32Array, a: number, b: number): number {
  return bitsIn(words[2 * a] ^ words[2 * b]) + bitsIn(words[2 * a + 1] ^ words[2 * b + 1]);
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
