import sharp from 'sharp';

/** Versions of the libraries that decode images. */
export const libraryVersions = (): Record<string, string> => ({
  sharp: sharp.versions.sharp ?? 'unknown',
  libvips: sharp.versions.vips,
});
