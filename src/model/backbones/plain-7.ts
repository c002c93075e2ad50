import { plainBackbone } from './plain.js';

export const plain7 = plainBackbone('plain-7', 'seven convolutions up to 256 channels, for training on a few cores', [
  { filters: 32, stride: 2 },
  { filters: 64, stride: 1 },
  { filters: 64, stride: 2 },
  { filters: 128, stride: 1 },
  { filters: 128, stride: 2 },
  { filters: 256, stride: 1 },
  { filters: 256, stride: 2 },
]);
