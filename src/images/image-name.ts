const imageEnding = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp)$/i;

/** Is this file an image by its name? What is in it only decoding tells. */
export const isImageName = (file: string): boolean => imageEnding.test(file);
