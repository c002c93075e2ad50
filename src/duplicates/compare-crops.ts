import { cropBytes } from '../core/crop-geometry.js';
import { type CropReader } from '../images/crop-file.js';
import { correlation, drawn, refine, type Similarity } from './inverse-compositional.js';
import { PRINT_SIDE, printDetail, type RoughMatch, roughMatches, type Zooms, zoomsOf } from './coarse-match.js';
import { detailOf, type Grey, greyOf, halved, mirrored } from '../images/thumbnail.js';

/** How alike two crops are once one lies on the other. */
export interface Likeness {
  /** Normalised correlation of what is finer than a face's features, [-1, 1]. */
  correlation: number;
  /** Root mean square difference of what is coarser, in grey levels: how differently light they are. */
  levels: number;
  /** One is the other's mirror image. */
  mirrored: boolean;
}

/** Side pictures are compared at: a face of 40 pixels, and less than what bad JPEG files leave. */
const SIDE = 48;
/** Below this the first look at 16 x 16 pixels ends it: copies reach .71 there, half of all neighbours not even this. */
const ROUGH_BAR = 0.66;
/** And these at half the side, before and after the place is refined. */
const FIRST_BAR = 0.6;
const HALF_BAR = 0.8;
/** Share of a crop that must be in the other one. */
const OVERLAP = 0.5;
/** Grey levels by which two pictures differ that nothing but another moment or a retouched copy explains. */
const OTHER_LIGHT = 8;
/** Pictures held ready: one image is compared with a few dozen, one after another. */
const HELD = 64;

interface Plate {
  grey: Grey;
  /** Without light and contrast, at the whole and at half the side. */
  whole: Grey;
  half: Grey;
}

const wholeDetail = (grey: Grey): Grey => detailOf(grey, 5, 4);

/** Compares crops of one file by their pixels; coarse first, so that most pairs cost a twentieth of a millisecond. */
export class CropComparer {
  private readonly zooms = new Map<number, Zooms>();
  private readonly plates = new Map<number, Plate>();
  private readonly crop: Uint8Array;
  private readonly found = new Float32Array(SIDE * SIDE);

  /** @param prints (slots, 256) of {@link printsOf} */
  constructor(
    private readonly crops: CropReader,
    private readonly prints: Uint8Array,
  ) {
    this.crop = new Uint8Array(cropBytes(crops.size));
  }

  /** Whether the two crops hold the same bytes. */
  equal(first: number, second: number): boolean {
    this.crops.readInto(first, this.crop);
    const one = Buffer.from(this.crop);
    this.crops.readInto(second, this.crop);
    return one.equals(this.crop);
  }

  /** The likeness of the crops in two slots, upright or mirrored; -1 where a coarse look rules it out. */
  compare(first: number, second: number): Likeness {
    const zooms = held(this.zooms, first, () => zoomsOf(this.printOf(first)));
    const likely = roughMatches(zooms, this.printOf(second)).filter((match) => match.correlation >= ROUGH_BAR);
    return likely
      .map((match) => ({ ...this.register(first, second, match), mirrored: match.mirrored }))
      .reduce((best, next) => (next.correlation > best.correlation ? next : best), { ...unlike, mirrored: false });
  }

  private register(first: number, second: number, { place, mirrored: turned }: RoughMatch): Omit<Likeness, 'mirrored'> {
    const one = this.plateOf(first);
    const plate = this.plateOf(second);
    const other = turned ? mirroredPlate(plate) : plate;
    const early = refine(one.half, other.half, place, 4);
    if (this.halfFit(one, other, early) < FIRST_BAR) return unlike;
    const near = refine(one.half, other.half, early, 8);
    if (this.halfFit(one, other, near) < HALF_BAR) return unlike;
    const exact = refine(one.whole, other.whole, near, 8);
    return likenessAt(one.grey, { data: drawn(other.grey, exact, this.found), side: SIDE });
  }

  private halfFit(first: Plate, second: Plate, place: Similarity): number {
    const look = drawn(second.half, place, this.found.subarray(0, first.half.data.length));
    return correlation(first.half.data, look).correlation;
  }

  private printOf(slot: number): Grey {
    const length = PRINT_SIDE * PRINT_SIDE;
    const data = Float32Array.from(this.prints.subarray(slot * length, (slot + 1) * length));
    return printDetail({ data, side: PRINT_SIDE });
  }

  private plateOf(slot: number): Plate {
    return held(this.plates, slot, () => {
      this.crops.readInto(slot, this.crop);
      const grey = greyOf(this.crop, this.crops.size, SIDE);
      return { grey, whole: wholeDetail(grey), half: detailOf(halved(grey), 4, 4) };
    });
  }
}

const mirroredPlate = ({ grey, whole, half }: Plate): Plate => ({
  grey: mirrored(grey),
  whole: mirrored(whole),
  half: mirrored(half),
});

/**
 * How alike a picture and another one laid onto it are, where both are known. Detail is taken anew: at another scale or
 * nearer to an edge it is another one.
 */
function likenessAt(first: Grey, laid: Grey): Omit<Likeness, 'mirrored'> {
  const seen = { data: first.data.map((value, i) => (Number.isNaN(laid.data[i]) ? NaN : value)), side: SIDE };
  const result = correlation(wholeDetail(seen).data, wholeDetail(laid).data);
  if (result.overlap < OVERLAP) return unlike;
  const [one, other] = [seen, laid].map((grey) => halved(halved(grey)).data);
  const squares = one.map((value, i) => (value - other[i]) ** 2).filter((square) => !Number.isNaN(square));
  return { correlation: result.correlation, levels: Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length) };
}

const unlike = { correlation: -1, levels: 0 };

/**
 * Whether two crops show one photograph: `bar` where they are equally light, as copies are, and nearly a perfect fit where
 * they are not: copies with other light exist, but so do two shots of a second (docs/benchmarks.md).
 */
export const isSamePhotograph = ({ correlation, levels }: Likeness, bar: number): boolean =>
  correlation >= bar + (2 / 3) * (1 - bar) * Math.min(1, levels / OTHER_LIGHT);

/** Prints of the crops in `slots`, (count, 256); rows of other slots stay 0. */
export function printsOf(crops: CropReader, slots: Iterable<number>, count: number): Uint8Array {
  const length = PRINT_SIDE * PRINT_SIDE;
  const prints = new Uint8Array(count * length);
  const crop = new Uint8Array(cropBytes(crops.size));
  for (const slot of slots) {
    crops.readInto(slot, crop);
    prints.set(greyOf(crop, crops.size, PRINT_SIDE).data, slot * length);
  }
  return prints;
}

/** The value for `key`, made when it is not there; the oldest ones go. */
function held<T>(values: Map<number, T>, key: number, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (values.size >= HELD) values.delete(values.keys().next().value!);
  values.set(key, made);
  return made;
}
