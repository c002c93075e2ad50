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

/** Every TensorFlow.js kernel that can be traced. The conformance test runs each against TensorFlow.js itself. */
export const traceKernels: readonly KernelEntry[] = [
  ...elementwiseKernels,
  ...batchNormKernels,
  ...reductionKernels,
  ...shapeKernels,
  ...matrixProductKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...indexingKernels,
];
