import { backend_util } from '#tfjs';
import { type KernelEntry, traced } from '../kernel.js';

type Shape4D = [number, number, number, number];
type ConvInfo = backend_util.Conv2DInfo;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function convInfo(inputShape: readonly number[], filterShape: readonly number[], attrs: Record<string, any>): ConvInfo {
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

const padsOf = ({ padInfo: { top, left, bottom, right } }: ConvInfo): number[] => [top, left, bottom, right];

const geometryOf = (info: ConvInfo) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  pads: padsOf(info),
});

/** Input rows (or columns) behind the last window: what a transposed convolution has to add at the far side. */
const leftOver = (input: number, output: number, stride: number, filter: number, padding: number): number =>
  input + padding - ((output - 1) * stride + filter);

export const convolutionKernels: KernelEntry[] = [
  {
    kernel: 'Conv2D',
    emit: ({ graph, inputs: { x, filter }, attrs }) => {
      const info = convInfo(x.shape, filter.shape, attrs);
      const name = graph.node('Conv', [graph.nameOf(x, 'nchw'), graph.nameOf(filter, 'oihw')], {
        ...geometryOf(info),
        dilations: [info.dilationHeight, info.dilationWidth],
      });
      return traced(name, info.outShape, 'float32', 'nchw');
    },
  },
  {
    kernel: 'Conv2DBackpropInput',
    emit: ({ graph, inputs: { dy, filter }, attrs }) => {
      const info = convInfo(attrs.inputShape, filter.shape, attrs);
      const [top, left, bottom, right] = padsOf(info);
      const name = graph.node('ConvTranspose', [graph.nameOf(dy, 'nchw'), graph.nameOf(filter, 'oihw')], {
        ...geometryOf(info),
        output_padding: [
          leftOver(info.inHeight, info.outHeight, info.strideHeight, info.filterHeight, top + bottom),
          leftOver(info.inWidth, info.outWidth, info.strideWidth, info.filterWidth, left + right),
        ],
      });
      return traced(name, attrs.inputShape, 'float32', 'nchw');
    },
  },
  {
    // A Gemm for each filter position on strided slices of the padded input: twice as fast as one Conv with batch
    // and channels swapped, and without the memory of the unrolled input.
    kernel: 'Conv2DBackpropFilter',
    emit: ({ graph, inputs: { x, dy }, attrs }) => {
      const info = convInfo(x.shape, attrs.filterShape, attrs);
      const [height, width, channels, filters] = attrs.filterShape as Shape4D;
      const positions = info.batchSize * info.outHeight * info.outWidth;
      const [top, left, bottom, right] = padsOf(info);
      const source = graph.nameOf(x);
      const padded =
        top + left + bottom + right > 0
          ? graph.node('Pad', [source, graph.integers([0, top, left, 0, 0, bottom, right, 0])])
          : source;
      const slope = graph.reshape(graph.nameOf(dy), [positions, filters]);

      const gradients: string[] = [];
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          const window = graph.node('Slice', [
            padded,
            graph.integers([row, column]),
            graph.integers([
              row + (info.outHeight - 1) * info.strideHeight + 1,
              column + (info.outWidth - 1) * info.strideWidth + 1,
            ]),
            graph.integers([1, 2]),
            graph.integers([info.strideHeight, info.strideWidth]),
          ]);
          const flat = graph.reshape(window, [positions, channels]);
          gradients.push(graph.node('Gemm', [slope, flat], { transA: 1 })); // (O, I)
        }
      const joined = graph.node('Concat', gradients, { axis: 1 }); // (O, H*W*I)
      const apart = graph.reshape(joined, [filters, height, width, channels]);
      const name = graph.node('Transpose', [apart], { perm: [0, 3, 1, 2] }); // (O, I, H, W)
      return traced(name, attrs.filterShape, 'float32', 'oihw');
    },
  },
];
