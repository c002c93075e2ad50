import { cropBytes } from '../core/crop-geometry.js';
import type { CropSource } from '../images/crop-source.js';
import { openPairProducts, type PairProducts } from '../engine/pair-products.js';
import { correlation, warp, registerImages, type SimilarityTransform, steepest } from './inverse-compositional.js';
import { thumbnailDetail, type CoarseMatch, coarseMatches, coarseShape, windowsOf, zoomsOf } from './coarse-match.js';
import { detailOf, type Grey, greyOf, halved, mirrored } from '../images/thumbnail.js';
import { thumbnailAt, type ThumbnailTable } from './thumbnail-table.js';

/** How similar two crops are after registration. */
export interface CropSimilarity {
  /** Normalised correlation of what is finer than a face's features, [-1, 1]. */
  correlation: number;
  /** Root mean square difference of what is coarser, in grey levels: how differently light they are. */
  levels: number;
  /** One is the other's mirror image. */
  mirrored: boolean;
}

/** Side pictures are compared at: a face of 40 pixels, and less than what bad JPEG files leave. */
const SIDE = 48;
/** Correlation at 16 x 16 pixels below which the comparison ends: copies reach .71 there, half of all neighbours not even this. */
const COARSE_THRESHOLD = 0.66;
/** And these at half the side, before and after the place is refined. */
const EARLY_THRESHOLD = 0.6;
const HALF_THRESHOLD = 0.8;
/** Share of a crop that must be in the other one. */
const OVERLAP = 0.5;
/** Grey levels by which two pictures differ that nothing but another moment or a retouched copy explains. */
const OTHER_LIGHT = 8;
/** Pictures held ready, 70 KB each: one image is compared with a few dozen, one after another. */
const HELD = 256;
/** Thumbnails held ready, 24 KB each: more than two calls compare. */
const HELD_LOOKS = 1024;

interface Pyramid {
  grey: Grey;
  /** Without light and contrast, at the whole and at half the side. */
  whole: Grey;
  half: Grey;
}

/** A thumbnail as the first look compares it. */
interface Look {
  detail: Grey;
  /** Made where the thumbnail is the first of a pair, and where it is the second. */
  zooms?: Float32Array;
  windows?: Float32Array;
}

const wholeDetail = (grey: Grey): Grey => detailOf(grey, 5, 4);

/**
 * Compares crops by their pixels. Thumbnails come first, many pairs at once in products of the engine, which cost a few
 * microseconds a pair and rule most of them out; the others are registered.
 */
export class CropComparer {
  private readonly looks = new Map<number, Look>();
  private readonly pyramids = new Map<number, Pyramid>();
  private readonly slopes = new Map<number, { half: Float32Array; whole: Float32Array }>();
  private readonly crop: Uint8Array;
  private readonly found = new Float32Array(SIDE * SIDE);

  private constructor(
    private readonly crops: CropSource,
    private readonly thumbnails: ThumbnailTable,
    private readonly products: PairProducts,
  ) {
    this.crop = new Uint8Array(cropBytes(crops.size));
  }

  /** @param thumbnails of the crops that are compared */
  static async open(crops: CropSource, thumbnails: ThumbnailTable): Promise<CropComparer> {
    return new CropComparer(crops, thumbnails, await openPairProducts(coarseShape));
  }

  /** Whether the two crops hold the same bytes. */
  equal(first: number, second: number): boolean {
    this.crops.readInto(first, this.crop);
    const one = Buffer.from(this.crop);
    this.crops.readInto(second, this.crop);
    return one.equals(this.crop);
  }

  /**
   * The similarity of the crops in two slots, upright or mirrored, of every pair; -1 where a coarse look rules it out.
   * @param firsts slots, (P) @param seconds slots, (P)
   */
  async compare(firsts: Int32Array, seconds: Int32Array): Promise<CropSimilarity[]> {
    const products = await this.coarseProducts(firsts, seconds);
    const length = coarseShape.rows * coarseShape.columns;
    return Array.from(firsts, (first, p) => {
      const own = products.subarray(p * length, (p + 1) * length);
      return coarseMatches(own, this.zoomsAt(first), this.lookOf(seconds[p]).detail, COARSE_THRESHOLD)
        .map((match) => ({ ...this.register(first, seconds[p], match), mirrored: match.mirrored }))
        .reduce((best, next) => (next.correlation > best.correlation ? next : best), { ...unlike, mirrored: false });
    });
  }

  private coarseProducts(firsts: Int32Array, seconds: Int32Array): Promise<Float32Array> {
    const lefts = stacked(firsts, (slot) => this.zoomsAt(slot));
    const rights = stacked(seconds, (slot) => this.windowsAt(slot));
    return this.products.multiply(lefts.data, rights.data, lefts.places, rights.places);
  }

  private register(
    first: number,
    second: number,
    { place, mirrored: turned }: CoarseMatch,
  ): Omit<CropSimilarity, 'mirrored'> {
    const one = this.pyramidOf(first);
    const pyramid = this.pyramidOf(second);
    const other = turned ? mirroredPyramid(pyramid) : pyramid;
    const slopes = held(this.slopes, first, HELD, () => ({ half: steepest(one.half), whole: steepest(one.whole) }));
    const early = registerImages(one.half, other.half, place, 4, slopes.half);
    if (this.halfFit(one, other, early) < EARLY_THRESHOLD) return unlike;
    const near = registerImages(one.half, other.half, early, 8, slopes.half);
    if (this.halfFit(one, other, near) < HALF_THRESHOLD) return unlike;
    const exact = registerImages(one.whole, other.whole, near, 8, slopes.whole);
    return similarityAt(one.grey, { data: warp(other.grey, exact, this.found), side: SIDE });
  }

  private halfFit(first: Pyramid, second: Pyramid, place: SimilarityTransform): number {
    const look = warp(second.half, place, this.found.subarray(0, first.half.data.length));
    return correlation(first.half.data, look).correlation;
  }

  private lookOf(slot: number): Look {
    return held(this.looks, slot, HELD_LOOKS, () => ({
      detail: thumbnailDetail(thumbnailAt(this.thumbnails, slot)),
    }));
  }

  private zoomsAt(slot: number): Float32Array {
    const look = this.lookOf(slot);
    return (look.zooms ??= zoomsOf(look.detail));
  }

  private windowsAt(slot: number): Float32Array {
    const look = this.lookOf(slot);
    return (look.windows ??= windowsOf(look.detail));
  }

  private pyramidOf(slot: number): Pyramid {
    return held(this.pyramids, slot, HELD, () => {
      this.crops.readInto(slot, this.crop);
      const grey = greyOf(this.crop, this.crops.size, SIDE);
      return { grey, whole: wholeDetail(grey), half: detailOf(halved(grey), 4, 4) };
    });
  }
}

/** The matrices of all `slots`, each once, and which of them each slot's is. */
function stacked(
  slots: Int32Array,
  matrixOf: (slot: number) => Float32Array,
): { data: Float32Array; places: Int32Array } {
  const placeOf = new Map<number, number>();
  const places = slots.map((slot) => {
    if (!placeOf.has(slot)) placeOf.set(slot, placeOf.size);
    return placeOf.get(slot)!;
  });
  const { length } = matrixOf(slots[0]);
  const data = new Float32Array(placeOf.size * length);
  for (const [slot, place] of placeOf) data.set(matrixOf(slot), place * length);
  return { data, places };
}

const mirroredPyramid = ({ grey, whole, half }: Pyramid): Pyramid => ({
  grey: mirrored(grey),
  whole: mirrored(whole),
  half: mirrored(half),
});

/**
 * How alike a picture and another one laid onto it are, where both are known. Detail is taken anew: at another scale or
 * nearer to an edge it is another one.
 */
function similarityAt(first: Grey, laid: Grey): Omit<CropSimilarity, 'mirrored'> {
  const seen = { data: first.data.map((value, i) => (Number.isNaN(laid.data[i]) ? NaN : value)), side: SIDE };
  const result = correlation(wholeDetail(seen).data, wholeDetail(laid).data);
  if (result.overlap < OVERLAP) return unlike;
  const [one, other] = [seen, laid].map((grey) => halved(halved(grey)).data);
  const squares = one.map((value, i) => (value - other[i]) ** 2).filter((square) => !Number.isNaN(square));
  return { correlation: result.correlation, levels: Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length) };
}

const unlike = { correlation: -1, levels: 0 };

/**
 * Returns whether two crops show one photograph: a correlation of `threshold` where they are equally light, as copies are, and nearly a perfect fit where
 * they are not: copies with other light exist, but so do two shots of a second (docs/benchmarks.md).
 */
export const isSamePhotograph = ({ correlation, levels }: CropSimilarity, threshold: number): boolean =>
  correlation >= threshold + (2 / 3) * (1 - threshold) * Math.min(1, levels / OTHER_LIGHT);

/** The value for `key`, made when it is not there; the oldest ones go. */
function held<T>(values: Map<number, T>, key: number, most: number, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (values.size >= most) values.delete(values.keys().next().value!);
  values.set(key, made);
  return made;
}
