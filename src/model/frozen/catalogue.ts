import type { Preprocessing } from './preprocessing.js';

/** A pretrained model inside a published npm package. */
export interface PretrainedModel {
  name: string;
  summary: string;
  /** Package and version whose tarball holds it; its dependencies are never installed. */
  package: string;
  /** Of the tarball: what npm recorded when it was published. */
  integrity: string;
  licence: string;
  /** Files in the package and what they are called in the cache. */
  files: Record<string, string>;
  /** The one of `files` that embeds. */
  embedder: string;
  /** Those of `files` that find faces and their landmarks, if they are there. */
  detector?: string;
  landmarks?: string;
  preprocessing: Preprocessing;
}

/** Every pretrained model: one entry here. */
export const pretrainedModels: readonly PretrainedModel[] = [
  {
    name: 'mobilefacenet',
    summary: 'MobileFaceNet, 512-d, with the detector and landmarks that align its crops',
    package: 'faceplugin-face-recognition-js@0.0.1',
    integrity: 'sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==',
    licence: 'MIT, as its package states',
    files: {
      'package/model/fr_feature.onnx': 'feature.onnx',
      'package/model/fr_detect.onnx': 'detect.onnx',
      'package/model/fr_landmark.onnx': 'landmark.onnx',
    },
    embedder: 'feature.onnx',
    detector: 'detect.onnx',
    landmarks: 'landmark.onnx',
    preprocessing: { channels: 'bgr', mean: 127, scale: 128 },
  },
];
