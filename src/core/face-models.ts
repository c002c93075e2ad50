/** How a network wants its pixels: (pixel - mean) / scale. */
export interface PixelRange {
  mean: number;
  scale: number;
}

/** The networks that find the faces of an image and their five points. */
export interface FaceModels {
  detector: { kind: 'ultra-light'; file: string } | ({ kind: 'scrfd'; file: string } & PixelRange);
  /** For a detector that finds no points itself. */
  landmarks?: string;
}
