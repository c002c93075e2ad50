import { cropBytes } from '../core/crop-geometry.js';
import type { CropSource } from '../images/crop-source.js';
import { correlation, warp, registerImages, type SimilarityTransform } from './inverse-compositional.js';
import {
  THUMBNAIL_SIDE,
  thumbnailDetail,
  type CoarseMatch,
  coarseMatches,
  type Zooms,
  zoomsOf,
} from './coarse-match.js';
import { detailOf, type Grey, greyOf, halved, mirrored } from '../images/thumbnail.js';

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
/** Pictures held ready: one image is compared with a few dozen, one after another. */
const HELD = 64;

interface Pyramid {
  grey: Grey;
  /** Without light and contrast, at the whole and at half the side. */
  whole: Grey;
  half: Grey;
}

const wholeDetail = (grey: Grey): Grey => detailOf(grey, 5, 4);

/** Compares crops of one file by their pixels; coarse first, so that most pairs cost a twentieth of a millisecond. */
export class CropComparer {
  private readonly zooms = new Map<number, Zooms>();
  private readonly pyramids = new Map<number, Pyramid>();
  private readonly crop: Uint8Array;
  private readonly found = new Float32Array(SIDE * SIDE);

  /** @param thumbnails (slots, 256) of {@link thumbnailsOf} */
  constructor(
    private readonly crops: CropSource,
    private readonly thumbnails: Uint8Array,
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

  /** The similarity of the crops in two slots, upright or mirrored; -1 where a coarse look rules it out. */
  compare(first: number, second: number): CropSimilarity {
    const zooms = held(this.zooms, first, () => zoomsOf(this.thumbnailOf(first)));
    const likely = coarseMatches(zooms, this.thumbnailOf(second)).filter(
      (match) => match.correlation >= COARSE_THRESHOLD,
    );
    return likely
      .map((match) => ({ ...this.register(first, second, match), mirrored: match.mirrored }))
      .reduce((best, next) => (next.correlation > best.correlation ? next : best), { ...unlike, mirrored: false });
  }

  private register(
    first: number,
    second: number,
    { place, mirrored: turned }: CoarseMatch,
  ): Omit<CropSimilarity, 'mirrored'> {
    const one = this.pyramidOf(first);
    const pyramid = this.pyramidOf(second);
    const other = turned ? mirroredPyramid(pyramid) : pyramid;
    const early = registerImages(one.half, other.half, place, 4);
    if (this.halfFit(one, other, early) < EARLY_THRESHOLD) return unlike;
    const near = registerImages(one.half, other.half, early, 8);
    if (this.halfFit(one, other, near) < HALF_THRESHOLD) return unlike;
    const exact = registerImages(one.whole, other.whole, near, 8);
    return similarityAt(one.grey, { data: warp(other.grey, exact, this.found), side: SIDE });
  }

  private halfFit(first: Pyramid, second: Pyramid, place: SimilarityTransform): number {
    const look = warp(second.half, place, this.found.subarray(0, first.half.data.length));
    return correlation(first.half.data, look).correlation;
  }

  private thumbnailOf(slot: number): Grey {
    const length = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
    const data = Float32Array.from(this.thumbnails.subarray(slot * length, (slot + 1) * length));
    return thumbnailDetail({ data, side: THUMBNAIL_SIDE });
  }

  private pyramidOf(slot: number): Pyramid {
    return held(this.pyramids, slot, () => {
      this.crops.readInto(slot, this.crop);
      const grey = greyOf(this.crop, this.crops.size, SIDE);
      return { grey, whole: wholeDetail(grey), half: detailOf(halved(grey), 4, 4) };
    });
  }
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

/** Prints of the crops in `slots`, (count, 256); rows of other slots stay 0. */
export function thumbnailsOf(crops: CropSource, slots: Iterable<number>, count: number): Uint8Array {
  const length = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
  const thumbnails = new Uint8Array(count * length);
  const crop = new Uint8Array(cropBytes(crops.size));
  for (const slot of slots) {
    crops.readInto(slot, crop);
    thumbnails.set(greyOf(crop, crops.size, THUMBNAIL_SIDE).data, slot * length);
  }
  return thumbnails;
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
