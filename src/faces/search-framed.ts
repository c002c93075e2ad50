import type { RgbImage } from '../images/encode.js';
import type { FaceDetector } from './face-detector.js';
import { type Box, type Detection, heightOf, widthOf } from './face.js';

/** Boxes, the likeliest subject first, in pixels of `searched`: the image itself, or the image with a frame of `margin`. */
export interface FramedSearch {
  searched: RgbImage;
  margin: number;
  boxes: Detection[];
}

/**
 * Share of the image's longer side that is added on every side, so that a face that fills it takes half of the view. Chosen by
 * looking at actors: at 1/4 the features told noise better than at 1/6.
 */
const MARGIN = 1 / 4;
/**
 * Share of the image's height from which its face is a tight crop: an aligned crop's face has .7 and more, a face in a
 * photograph seldom half.
 */
const TIGHT = 0.6;
/** Pixels of the longer side below which a picture is somebody's crop of a face, and a smaller box in it no face. */
const CROP_SIDE = 160;
/** Score of the faces in ordinary photographs: nine of ten have more. */
const LIKELY = 0.95;

/**
 * Looks for faces; where there is none, or none that is likely, or it fills the image, again with a frame round it: a
 * detector needs to see where a face ends, else it misses it, or its box and the landmarks in it are wrong. What a pack of
 * insightface finds is taken as insightface takes it.
 */
export async function searchFramed(detector: FaceDetector, image: RgbImage): Promise<FramedSearch> {
  const boxes = byProminence(await detector.detect(image), image);
  const asItIs = { searched: image, margin: 0, boxes };
  if (isPlainlySeen(boxes, image) || (detector.alignment === 'insightface' && boxes.length > 0)) return asItIs;
  const margin = Math.ceil(MARGIN * Math.max(image.width, image.height));
  const framed = frameImage(image, margin);
  const again = byProminence(await detector.detect(framed), framed);
  return again.length === 0 ? asItIs : { searched: framed, margin, boxes: again };
}

function isPlainlySeen([likeliest]: readonly Detection[], { width, height }: RgbImage): boolean {
  if (likeliest === undefined || Math.max(width, height) < CROP_SIDE) return false;
  return likeliest.score >= LIKELY && heightOf(likeliest) < TIGHT * height;
}

const byProminence = (boxes: readonly Detection[], image: RgbImage): Detection[] =>
  [...boxes].sort(
    (a, b) => Number(a.faint ?? false) - Number(b.faint ?? false) || prominence(b, image) - prominence(a, image),
  );

/** Area, less with the distance from the image's middle. */
function prominence(box: Box, { width, height }: RgbImage): number {
  const x = (box.left + box.right) / 2 / width - 0.5;
  const y = (box.top + box.bottom) / 2 / height - 0.5;
  return widthOf(box) * heightOf(box) * (1 - Math.min(0.9, Math.hypot(x, y)));
}

/** Grey of the frame: no edge against skin as strong as black or white would make. */
const GREY = 110;

/** `image` with `margin` pixels of grey on every side. */
export function frameImage({ data, width, height }: RgbImage, margin: number): RgbImage {
  const framed = { width: width + 2 * margin, height: height + 2 * margin };
  const target = new Uint8Array(framed.width * framed.height * 3).fill(GREY);
  for (let y = 0; y < height; y++)
    target.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((y + margin) * framed.width + margin));
  return { data: target, ...framed };
}
