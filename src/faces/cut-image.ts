import type { CropGeometry } from '../core/crop-geometry.js';
import type { CropFacts, FaceFacts } from '../core/records.js';
import { decodeCrop, decodeImage } from '../images/decode.js';
import { differenceHash } from '../images/perceptual-hash.js';
import { cropQuality } from '../images/quality.js';
import { alignFace } from './align-face.js';
import { type Face, heightOf, widthOf } from './face.js';
import type { FaceFinder } from './face-finder.js';
import { poseOf } from './pose.js';

/** A crop, (size, size, 3), and what it looks like. */
export interface Crop {
  crop: Uint8Array;
  facts: CropFacts;
}

export interface CutImage {
  width: number;
  height: number;
  dhash: string;
  /** The likeliest subject first; without a face, the middle of the image. */
  crops: Crop[];
  /** False when faces were looked for and there is none. */
  hasFace: boolean;
}

/**
 * Decodes a file's bytes and cuts its crops. @param finder for `auto` only
 * @throws UndecodableError with the reason when the bytes are no image that can be read
 */
export async function cutImage(
  bytes: Uint8Array,
  geometry: CropGeometry,
  maxPixels: number,
  finder?: FaceFinder,
): Promise<CutImage> {
  return geometry.align === 'auto' && finder
    ? cutFaces(bytes, geometry, maxPixels, finder)
    : cutMiddle(bytes, geometry, maxPixels);
}

async function cutMiddle(bytes: Uint8Array, geometry: CropGeometry, maxPixels: number): Promise<CutImage> {
  const { crop, width, height } = await decodeCrop(bytes, geometry, maxPixels);
  const { size } = geometry;
  const dhash = differenceHash({ data: crop, width: size, height: size });
  return { width, height, dhash, crops: [{ crop, facts: cropQuality(crop, size) }], hasFace: true };
}

async function cutFaces(
  bytes: Uint8Array,
  geometry: CropGeometry,
  maxPixels: number,
  finder: FaceFinder,
): Promise<CutImage> {
  const { size } = geometry;
  const { image, width, height } = await decodeImage(bytes, maxPixels);
  const { faces, searched, margin } = await finder.find(image);
  if (faces.length === 0) return { ...(await cutMiddle(bytes, geometry, maxPixels)), hasFace: false };
  const scale = width / image.width;
  const crops = faces.map((face) => {
    const crop = alignFace(searched, face.points, size, finder.alignment);
    return { crop, facts: { ...cropQuality(crop, size), face: faceFacts(face, scale, margin) } };
  });
  return { width, height, dhash: differenceHash(image), crops, hasFace: true };
}

/**
 * @param scale pixels of the file a pixel of the image that was searched
 * @param margin pixels of a frame round that image: what of the face lies in it lies outside the picture
 */
function faceFacts({ box, points }: Face, scale: number, margin: number): FaceFacts {
  return {
    left: Math.round((box.left - margin) * scale),
    top: Math.round((box.top - margin) * scale),
    width: Math.round(widthOf(box) * scale),
    height: Math.round(heightOf(box) * scale),
    score: Number(box.score.toFixed(4)),
    ...poseOf(points),
  };
}
