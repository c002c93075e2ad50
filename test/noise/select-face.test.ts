import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import type { CroppedImage } from '../../src/core/records.js';
import { inSpace } from '../../src/core/spaces.js';
import { takeRows, unitRows } from '../../src/core/vectors.js';
import { selectFaces } from '../../src/noise/select-face.js';
import { findOverlap } from '../../src/metrics/set-overlap.js';
import type { Dataset } from '../../src/core/face-set.js';

const DIMENSIONS = 16;
const people = 3;
const each = 10;

/** Photographs of three people; in every second one a bystander is the likelier subject. */
function photographs() {
  const random = randomOf(3, 'faces');
  const face = (centre?: number[]): number[] =>
    Array.from({ length: DIMENSIONS }, (_, d) => (centre?.[d] ?? 0) * 3 + random.normal());
  const rows: number[][] = [];
  const images: CroppedImage[] = [];
  const faces = new Map<number, number[]>();
  for (let person = 0; person < people; person++) {
    const centre = face();
    for (let i = 0; i < each; i++) {
      const id = images.length;
      const slots = [rows.length, rows.length + 1];
      rows.push(...(i % 2 === 0 ? [face(centre), face()] : [face(), face(centre)]));
      images.push({
        id,
        slot: slots[0],
        path: `${person}/${i}`,
        identity: String(person),
        sha256: `s${id}`,
        dhash: `d${id}`,
        state: 'ok',
      } as CroppedImage);
      faces.set(id, slots);
    }
  }
  const matrix = unitRows({ data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: DIMENSIONS });
  const labels = Int32Array.from(images, ({ identity }) => Number(identity));
  const dataset = {
    images,
    labels,
    faces,
    chosen: new Map<number, number>(),
    identities: ['0', '1', '2'],
    reference: [] as CroppedImage[],
  } as unknown as Dataset;
  return { dataset, matrix };
}

/** Of as many faces as one likes: all are seen well. */
const clear = new Float32Array(1000).fill(10);

/** Images of one class by the faces in them, each a direction with a little noise; slots in the order of the faces. */
function classOf(photographs: readonly string[][]) {
  const random = randomOf('class of faces');
  const directions = new Map<string, number[]>();
  const near = (person: string): number[] => {
    const known = directions.get(person) ?? Array.from({ length: DIMENSIONS }, () => random.normal());
    directions.set(person, known);
    return known.map((value) => value + 0.3 * random.normal());
  };
  const faces = new Map<number, number[]>();
  let slot = 0;
  const images = photographs.map((people, id) => {
    const slots = people.map(() => slot++);
    if (slots.length > 1) faces.set(id, slots);
    return { id, slot: slots[0], path: `${id}`, identity: 'X', state: 'ok' } as CroppedImage;
  });
  const rows = photographs.flat().map(near);
  const matrix = unitRows({ data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: DIMENSIONS });
  const chosen = new Map<number, number>();
  const dataset = { images, faces, chosen, labels: new Int32Array(images.length) } as unknown as Dataset;
  return { dataset, matrix };
}

describe('of several faces', () => {
  it('the one is chosen that comes again, although half of the first guesses are bystanders', () => {
    const { dataset, matrix } = photographs();
    const chosen = selectFaces(dataset, matrix, clear);
    expect(chosen.map(({ face }) => face)).toEqual(dataset.images.map((_, i) => (i % each) % 2));
    expect(chosen.every(({ faces, slot }, i) => faces === 2 && slot === 2 * i + ((i % each) % 2))).toBe(true);
    expect(chosen.some(({ otherFace }) => otherFace !== undefined)).toBe(false);
  });

  /** Images of one class; the last has the faces `asked`, the others one each, as degrees on a circle. */
  const chosenOf = (others: number[], asked: number[]): number => {
    const degrees = [...others, ...asked];
    const data = Float32Array.from(
      degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]),
    );
    const images = [...others, 0].map((_, id) => ({ id, slot: id, state: 'ok' }) as CroppedImage);
    const faces = new Map(
      images.map(({ id }) => [id, id < others.length ? [id] : asked.map((_, i) => others.length + i)]),
    );
    const dataset = { images, faces, chosen: new Map(), labels: new Int32Array(images.length) } as unknown as Dataset;
    return selectFaces(
      dataset,
      { data, rows: degrees.length, dimensions: 2 },
      degrees.map(() => 1),
    ).at(-1)!.face;
  };

  it('one that is the opposite of all others is not the one that recurs', () => {
    expect(chosenOf([0, 5, 10], [185, 60])).toBe(1);
  });

  it('of a class of very many an even sample decides, not those that come first', () => {
    expect(chosenOf([...Array<number>(70).fill(0), ...Array<number>(130).fill(90)], [0, 90])).toBe(1);
  });

  it('an only face stays, and none is counted as none', () => {
    const { dataset, matrix } = photographs();
    dataset.faces.delete(0);
    dataset.faces.delete(1);
    dataset.images[1].state = 'no-face';
    const [first, second] = selectFaces(dataset, matrix, clear);
    expect([first, second]).toEqual([
      { slot: 0, face: 0, faces: 1 },
      { slot: 2, face: 0, faces: 0 },
    ]);
  });

  it('one who is in a quarter of the photographs is not taken for the one who is in all of them', () => {
    const { dataset, matrix } = classOf(
      Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? ['opponent', 'X'] : ['X'])),
    );
    const chosen = selectFaces(dataset, matrix, clear);
    expect([0, 4, 8].map((i) => chosen[i].face)).toEqual([1, 1, 1]);
    expect(chosen.some(({ otherFace }) => otherFace !== undefined)).toBe(false);
  });

  it('two who are in all photographs are both named; one person twice in a collage is not', () => {
    const couple = classOf([
      ['X', 'Y'],
      ['X', 'Y'],
      ['X', 'Y', 'passer-by'],
    ]);
    for (const { face, otherFace } of selectFaces(couple.dataset, couple.matrix, clear))
      expect([face, otherFace].sort()).toEqual([0, 1]);
    const collage = classOf([['X', 'X'], ['X'], ['X']]);
    expect(selectFaces(collage.dataset, collage.matrix, clear)[0].otherFace).toBeUndefined();
  });

  it('nobody knows which is meant where there is no other image', () => {
    const { dataset, matrix } = classOf([['X', 'Y']]);
    expect(selectFaces(dataset, matrix, clear)).toEqual([{ slot: 0, face: 0, faces: 2, otherFace: 1 }]);
  });

  it('the one that a person chose is taken, and the others of its image speak for nobody', () => {
    const { dataset, matrix } = classOf([
      ['X', 'Y'],
      ['X', 'Y'],
    ]);
    dataset.chosen.set(0, 1);
    expect(selectFaces(dataset, matrix, clear)).toEqual([
      { slot: 1, face: 1, faces: 2, chosen: true },
      { slot: 3, face: 1, faces: 2 },
    ]);
  });

  it('a patch of which hardly anything is seen gives way to a face, unless it is plainly the one that comes again', () => {
    const rest = Array.from({ length: 5 }, (_, i) => ['X', `bystander ${i}`]);
    const strangers = classOf([['stranger', 'patch'], ...rest]);
    const own = classOf([['stranger', 'X'], ...rest]);
    for (const { dataset, matrix } of [strangers, own]) {
      const lengths = new Float32Array(20).fill(10);
      lengths[1] = 2;
      const [{ face }] = selectFaces(dataset, matrix, lengths);
      expect(face).toBe(dataset === own.dataset ? 1 : 0);
    }
  });
});

describe('overlap with a reference set', () => {
  it('names the same files, the same pictures and the same people, and nobody else', () => {
    const { dataset, matrix } = photographs();
    const chosen = selectFaces(dataset, matrix, clear);
    const centre = (person: number): number[] => {
      const rows = chosen.slice(person * each, (person + 1) * each).map(({ slot }) => slot * DIMENSIONS);
      return Array.from({ length: DIMENSIONS }, (_, d) => rows.reduce((sum, row) => sum + matrix.data[row + d], 0));
    };
    const dominants = unitRows({
      data: Float32Array.from([0, 1, 2].flatMap(centre)),
      rows: people,
      dimensions: DIMENSIONS,
    });
    const evidence = dataset.images.map(() => ({ cosOwn: 0.8, rivalCos: 0.2 }));
    const reference = (path: string, slot: number, more = {}): CroppedImage =>
      ({
        path: `@reference/${path}`,
        identity: path.split('/')[0],
        slot,
        sha256: path,
        dhash: path,
        ...more,
      }) as CroppedImage;
    dataset.reference.push(
      reference('Known/1', chosen[0].slot, { sha256: 's4' }),
      reference('Known/2', chosen[1].slot, { dhash: 'd15' }),
      reference('Stranger/1', 1),
    );
    const noise = new Float64Array(dataset.images.length);
    const referred = takeRows(
      matrix,
      dataset.reference.map(({ slot }) => slot),
    );
    const overlap = findOverlap(
      dataset,
      inSpace('trained', referred),
      inSpace('trained', dominants),
      evidence as never,
      noise,
      0,
    );
    expect(overlap.images).toEqual([
      { path: '0/4', reference: '@reference/Known/1', same: 'file' },
      { path: '1/5', reference: '@reference/Known/2', same: 'picture' },
    ]);
    expect(overlap.people.map(({ identity, reference }) => [identity, reference])).toEqual([['0', 'Known']]);
  });
});
