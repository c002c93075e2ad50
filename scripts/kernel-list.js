import { kernelFamilies } from '../dist/engine/trace/kernels.js';

/** docs/kernels.md, from the registry. */
export const kernelList = () =>
  [
    '# Kernels',
    '',
    'TensorFlow.js kernels that programs may use under the engine `onnx`, gradients included. Made by `npm run kernels`;',
    'each is held to TensorFlow.js itself by test/conformance/trace-kernels.test.ts.',
    '',
    '| family | kernels |',
    '|---|---|',
    ...Object.entries(kernelFamilies).map(
      ([family, kernels]) => `| ${family} | ${kernels.map(({ kernel }) => `\`${kernel}\``).join(', ')} |`,
    ),
    '',
  ].join('\n');
