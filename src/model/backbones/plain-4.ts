import { plainBackbone } from './plain.js';

export const plain4 = plainBackbone(
  'plain-4',
  'four convolutions up to 96 channels, for small crops and quick trials',
  [
    { filters: 24, stride: 2 },
    { filters: 48, stride: 2 },
    { filters: 96, stride: 2 },
    { filters: 96, stride: 1 },
  ],
);
