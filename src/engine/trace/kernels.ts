import type { KernelEntry } from './kernel.js';
import { batchNormKernels } from './kernels/batch-norm.js';
import { convolutionKernels } from './kernels/convolutions.js';
import { depthwiseKernels } from './kernels/depthwise.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { indexingKernels } from './kernels/indexing.js';
import { matrixProductKernels } from './kernels/matrix-products.js';
import { poolingKernels } from './kernels/pooling.js';
import { reductionKernels } from './kernels/reductions.js';
import { resizeKernels } from './kernels/resize.js';
import { shapeKernels } from './kernels/shapes.js';

/** TensorFlow.js kernels that can be traced, by family: a file and a line each. docs/kernels.md is made of this. */
export const kernelFamilies: Record<string, readonly KernelEntry[]> = {
  'element by element': elementwiseKernels,
  'batch normalisation': batchNormKernels,
  reductions: reductionKernels,
  shapes: shapeKernels,
  'matrix products': matrixProductKernels,
  convolutions: convolutionKernels,
  'depthwise convolutions': depthwiseKernels,
  pooling: poolingKernels,
  resizing: resizeKernels,
  'gather, scatter, sort, join': indexingKernels,
};

/** Every kernel. The conformance test runs each against TensorFlow.js itself. */
export const traceKernels: readonly KernelEntry[] = Object.values(kernelFamilies).flat();
