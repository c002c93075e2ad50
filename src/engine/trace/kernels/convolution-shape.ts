import { backend_util } from '#tfjs';

export type Shape4D = [number, number, number, number];
export type ConvInfo = backend_util.Conv2DInfo;

/** Geometry of a convolution from TensorFlow.js's attributes. */
export function convInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  attrs: Record<string, any>,
  depthwise = false,
): ConvInfo {
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );
}

export const padsOf = ({ padInfo: { top, left, bottom, right } }: ConvInfo): number[] => [top, left, bottom, right];

/** Attributes of an ONNX convolution. */
export const geometryOf = (info: ConvInfo) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  dilations: [info.dilationHeight, info.dilationWidth],
  pads: padsOf(info),
});

/** A depthwise convolution of one position: a product a channel, with `pads` of zeros around. */
export const onePosition = (channels: number, pads: readonly number[] = [0, 0, 0, 0]) => ({
  kernel_shape: [1, 1],
  strides: [1, 1],
  dilations: [1, 1],
  pads,
  group: channels,
});

/** Input rows (or columns) behind the last window: what a transposed convolution has to add at the far side. */
export const leftOver = (input: number, output: number, stride: number, filter: number, padding: number): number =>
  input + padding - ((output - 1) * stride + filter);

export const outputPaddingOf = (info: ConvInfo): number[] => {
  const [top, left, bottom, right] = padsOf(info);
  return [
    leftOver(info.inHeight, info.outHeight, info.strideHeight, info.filterHeight, top + bottom),
    leftOver(info.inWidth, info.outWidth, info.strideWidth, info.filterWidth, left + right),
  ];
};

/** 0 .. count-1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
