// The sets that bench/natural.js sifts: which picture lies at which path, and what is true of it. Each is
// { set, seed, placed }, placed with path, identity, content, and truth: noisy, hard (right, but hard to see), skip (not known).
import { planNoise } from '../dist/synthetic/inject/plan.js';
import { planRepeated } from '../dist/synthetic/inject/repeated.js';
import { randomOf } from '../dist/core/random.js';

const folderOf = (path) => path.split('/')[0];
const inOrder = (placed) =>
  placed.toSorted((a, b) => (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : a.path < b.path ? -1 : 1));
const fresh = (noisy, hard = false) => ({ noisy, hard, skip: false });

/** In eight folders `share` of the pictures is of one other person, who has no folder. @param truthOf of a picture at its own path */
export function* repeated(images, truthOf, seeds, shares = [0.1, 0.2, 0.3, 0.4]) {
  for (const share of shares)
    for (const seed of seeds) {
      const { placements, rest } = planRepeated(images, share, seed);
      const placed = [
        ...placements.map(({ path, content }) => ({
          ...{ path, content, identity: folderOf(path), stranger: folderOf(content) },
          truth: fresh(true),
        })),
        ...rest.map(({ path, identity }) => ({ path, content: path, identity, truth: truthOf(path) })),
      ];
      yield { set: `repeated ${share}`, seed, placed: inOrder(placed) };
    }
}

/** The same, but the other person keeps a folder, and the pictures lie in both: one photograph under two names. */
export function* contradicting(images, truthOf, seeds, shares = [0.1, 0.3]) {
  const names = [...new Set(images.map(({ identity }) => identity))];
  for (const share of shares)
    for (const seed of seeds) {
      const random = randomOf(seed, 'contradicting');
      const [hosts, guests] = [random.shuffle([...names]), []];
      guests.push(...hosts.slice(8, 16));
      const placed = images.map(({ path, identity }) => ({ path, content: path, identity, truth: truthOf(path) }));
      for (const [i, host] of hosts.slice(0, 8).entries()) {
        const own = placed.filter(({ identity }) => identity === host);
        const theirs = random.shuffle(images.filter(({ identity }) => identity === guests[i]));
        const places = random.shuffle([...own]).slice(0, Math.round(share * own.length));
        places
          .slice(0, theirs.length)
          .forEach((place, n) =>
            Object.assign(place, { content: theirs[n].path, stranger: guests[i], truth: fresh(true) }),
          );
      }
      yield { set: `in two folders ${share}`, seed, placed: inOrder(placed) };
    }
}

/** Strangers and swapped labels, half and half. @param images that may be spoilt @param strangers paths @param isHard of a content */
export function* injected(set, images, strangers, rates, seeds, isHard = () => false) {
  for (const rate of rates)
    for (const seed of rate === 0 ? seeds.slice(0, 1) : seeds) {
      const plan = planNoise(images, strangers, { open: rate / 2, closed: rate / 2, nonface: 0 }, seed);
      const placed = plan.map(({ path, noise, content }) => ({
        ...{ path, content, identity: folderOf(path) },
        truth: fresh(noise !== 'none', noise === 'none' && isHard(content)),
      }));
      yield { set: `${set} ${rate}`, seed, placed: inOrder(placed) };
    }
}

/** At most `most` pictures of each person who has at least `least`. */
export function between(images, least, most) {
  const counts = Map.groupBy?.(images, ({ identity }) => identity) ?? groupsBy(images);
  return [...counts.values()].flatMap((own) => (own.length < least ? [] : own.slice(0, most)));
}

function groupsBy(images) {
  const groups = new Map();
  for (const image of images) groups.set(image.identity, [...(groups.get(image.identity) ?? []), image]);
  return groups;
}

/** People with 2, 3, 4 and 5 pictures in turn. */
export const twoToFive = (images) => [...groupsBy(images).values()].flatMap((own, i) => own.slice(0, 2 + (i % 4)));

const LARGE = 2000;
const SMALL = { people: 50, images: 5 };

/**
 * The pictures, and beside them one person of 2,000, made up: no set at hand has one. Each feature is the person's mean plus what
 * one picture of somebody else differs from that one's mean, half of it of a second picture.
 */
export function withOneLarge(pictures, images) {
  const groups = [...groupsBy(images).values()].toSorted((a, b) => b.length - a.length);
  const { dimensions, data, rows } = pictures.vectors;
  const slotOf = ({ path }) => pictures.dataset.images[pictures.rowOf.get(path)].slot;
  const rowAt = (slot) => data.subarray(slot * dimensions, (slot + 1) * dimensions);
  const meanOf = (own) => {
    const sum = new Float64Array(dimensions);
    for (const image of own) rowAt(slotOf(image)).forEach((value, d) => (sum[d] += value / own.length));
    return sum;
  };
  const centre = meanOf(groups[0]);
  const off = groups.slice(1, 40).flatMap((own) => {
    const middle = meanOf(own);
    return own.map((image) => ({
      slot: slotOf(image),
      values: rowAt(slotOf(image)).map((value, d) => value - middle[d]),
    }));
  });
  const random = randomOf(1, 'large');
  const made = Array.from({ length: LARGE }, () => {
    const [a, b] = [off[random.integer(off.length)], off[random.integer(off.length)]];
    const turn = (random.uniform() * Math.PI) / 2;
    const row = centre.map((value, d) => value + Math.cos(turn) * a.values[d] + Math.sin(turn) * b.values[d]);
    const length = Math.hypot(...row);
    return { row: row.map((value) => value / length), like: a.slot };
  });
  const wide = new Float32Array((rows + LARGE) * dimensions);
  wide.set(data);
  made.forEach(({ row }, i) => wide.set(row, (rows + i) * dimensions));
  const first = pictures.dataset.images.length;
  const more = made.map((_, i) => ({
    id: `large ${i}`,
    slot: rows + i,
    state: 'ok',
    sha256: `large ${i}`,
    dhash: `large ${i}`,
  }));
  const identity = groups[0][0].identity;
  const large = made.map((_, i) => ({ path: `${identity}/made-${i}`, identity }));
  const known = (values) => Float32Array.from([...values, ...made.map(({ like }) => values[like])]);
  const groupsOf = (of) => [...of, ...made.map((_, i) => first + i)];
  return [
    {
      dataset: { images: [...pictures.dataset.images, ...more], faces: pictures.dataset.faces },
      vectors: { ...pictures.vectors, data: wide, rows: rows + LARGE },
      ...{ norms: known(pictures.norms), scores: known(pictures.scores) },
      copies: { copyGroups: groupsOf(pictures.copies.copyGroups), faceGroups: groupsOf(pictures.copies.faceGroups) },
      rowOf: new Map([...pictures.rowOf, ...large.map(({ path }, i) => [path, first + i])]),
    },
    large,
  ];
}

/** One person of 2,000 beside fifty of five: a fifth of the small ones' images is wrong, or of all. */
export function* unequal(large, images, strangers, seeds) {
  const small = [...groupsBy(images).values()]
    .filter((own) => own.length >= SMALL.images && own[0].identity !== large[0].identity)
    .slice(0, SMALL.people)
    .flatMap((own) => own.slice(0, SMALL.images));
  for (const seed of seeds) {
    const untouched = large.map(({ path, identity }) => ({ path, content: path, identity, truth: fresh(false) }));
    const spoilt = [...injected('', small, strangers, [0.2], [seed])][0].placed;
    yield {
      set: '2,000 of one beside 50 of 5, 20 % of the small ones wrong',
      seed,
      placed: inOrder([...untouched, ...spoilt]),
    };
    // one in each of the fifty
    const random = randomOf(seed, 'one-of-each');
    const outsiders = random.shuffle([...strangers]);
    const each = small.map(({ path, identity }, i) => {
      const wrong = i % SMALL.images === seed % SMALL.images;
      return { path, identity, content: wrong ? outsiders[i] : path, truth: fresh(wrong) };
    });
    yield {
      set: '2,000 of one beside 50 of 5, one wrong in each small one',
      seed,
      placed: inOrder([...untouched, ...each]),
    };
  }
}
