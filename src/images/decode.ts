import sharp from 'sharp';

// One image a thread: the callers run several at once.
sharp.concurrency(1);
sharp.cache(false);

/** How the square crop is taken: `share` of the shorter side around the centre, scaled to `size` pixels. */
export interface CropGeometry {
  size: number;
  share: number;
}

export interface DecodedImage {
  width: number;
  height: number;
  crop: Uint8Array; // (size, size, 3)
}

/**
 * Decodes a file's bytes, turns it upright (EXIF), and cuts the square crop.
 * @throws Error with the decoder's reason: not an image, truncated, or more than `maxPixels` pixels.
 */
export async function decodeCrop(bytes: Uint8Array, geometry: CropGeometry, maxPixels: number): Promise<DecodedImage> {
  const open = (): ReturnType<typeof sharp> => sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' }).rotate();
  const { autoOrient } = await open().metadata();
  const { width, height } = autoOrient;
  const side = Math.max(1, Math.round(Math.min(width, height) * geometry.share));
  const crop = await open()
    .extract({
      left: Math.floor((width - side) / 2),
      top: Math.floor((height - side) / 2),
      width: side,
      height: side,
    })
    .resize(geometry.size, geometry.size)
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, crop: new Uint8Array(crop.buffer, crop.byteOffset, crop.length) };
}
