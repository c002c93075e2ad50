import { elementTypes, FloatAttribute } from '../../onnx/onnx-writer.js';
import { elementTypeOf, type TracedValue } from '../graph-builder.js';
import { elementwise, type KernelEntry } from '../kernel.js';
import { fusedAdd, fusedRelu } from './fuse-scale-shift.js';

const unary = (kernel: string, op: string): KernelEntry => ({
  kernel,
  emit: ({ graph, inputs: { x } }) => elementwise(graph, op, [x], x.dtype),
});

const binary = (kernel: string, op: string): KernelEntry => ({
  kernel,
  emit: ({ graph, inputs: { a, b } }) => elementwise(graph, op, [a, b], a.dtype),
});

const comparison = (kernel: string, op: string): KernelEntry => ({
  kernel,
  emit: ({ graph, inputs: { a, b } }) => elementwise(graph, op, [a, b], 'bool'),
});

const scalarOf = (value: number): TracedValue => ({
  shape: [],
  dtype: 'float32',
  constant: Float32Array.of(value),
  names: {},
});

export const elementwiseKernels: KernelEntry[] = [
  {
    kernel: 'Relu',
    emit: ({ graph, inputs: { x } }) => fusedRelu(graph, x) ?? elementwise(graph, 'Relu', [x], x.dtype),
  },
  unary('Softplus', 'Softplus'),
  unary('Elu', 'Elu'),
  unary('Sqrt', 'Sqrt'),
  unary('Exp', 'Exp'),
  unary('Log', 'Log'),
  unary('Neg', 'Neg'),
  unary('Cos', 'Cos'),
  unary('Sin', 'Sin'),
  unary('Acos', 'Acos'),
  unary('Abs', 'Abs'),
  unary('Sign', 'Sign'),
  unary('Sigmoid', 'Sigmoid'),
  unary('Tanh', 'Tanh'),
  unary('Reciprocal', 'Reciprocal'),
  {
    kernel: 'Add',
    emit: ({ graph, inputs: { a, b } }) => fusedAdd(graph, a, b) ?? elementwise(graph, 'Add', [a, b], a.dtype),
  },
  binary('Sub', 'Sub'),
  binary('Multiply', 'Mul'),
  binary('RealDiv', 'Div'),
  binary('Maximum', 'Max'),
  binary('Minimum', 'Min'),
  binary('Pow', 'Pow'),
  comparison('Equal', 'Equal'),
  comparison('Greater', 'Greater'),
  comparison('GreaterEqual', 'GreaterOrEqual'),
  comparison('Less', 'Less'),
  comparison('LessEqual', 'LessOrEqual'),
  comparison('LogicalAnd', 'And'),
  comparison('LogicalOr', 'Or'),
  {
    kernel: 'NotEqual',
    emit: ({ graph, inputs: { a, b } }) =>
      elementwise(graph, 'Not', [elementwise(graph, 'Equal', [a, b], 'bool')], 'bool'),
  },
  {
    kernel: 'LogicalNot',
    emit: ({ graph, inputs: { x } }) => elementwise(graph, 'Not', [x], 'bool'),
  },
  {
    kernel: 'LeakyRelu',
    emit: ({ graph, inputs: { x }, attrs: { alpha } }) =>
      elementwise(graph, 'LeakyRelu', [x], x.dtype, { alpha: new FloatAttribute(alpha) }),
  },
  {
    // max(x, 0) + alpha * min(x, 0): ONNX Runtime's PRelu takes twenty times as long.
    kernel: 'Prelu',
    emit: ({ graph, inputs: { x, alpha } }) => {
      const positive = elementwise(graph, 'Relu', [x], x.dtype);
      const negative = elementwise(graph, 'Sub', [x, positive], x.dtype);
      return elementwise(graph, 'Add', [positive, elementwise(graph, 'Mul', [negative, alpha], x.dtype)], x.dtype);
    },
  },
  {
    kernel: 'EluGrad', // y > 0 ? dy : dy * (y + 1)
    emit: ({ graph, inputs: { dy, y } }) => {
      const slope = elementwise(
        graph,
        'Min',
        [elementwise(graph, 'Add', [y, scalarOf(1)], y.dtype), scalarOf(1)],
        y.dtype,
      );
      return elementwise(graph, 'Mul', [dy, slope], y.dtype);
    },
  },
  {
    kernel: 'Square',
    emit: ({ graph, inputs: { x } }) => elementwise(graph, 'Mul', [x, x], x.dtype),
  },
  {
    kernel: 'SquaredDifference',
    emit: ({ graph, inputs: { a, b } }) => {
      const difference = elementwise(graph, 'Sub', [a, b], a.dtype);
      return elementwise(graph, 'Mul', [difference, difference], a.dtype);
    },
  },
  {
    kernel: 'Rsqrt',
    emit: ({ graph, inputs: { x } }) =>
      elementwise(graph, 'Reciprocal', [elementwise(graph, 'Sqrt', [x], x.dtype)], x.dtype),
  },
  {
    // A hard sigmoid steep enough is a step, in one pass on all threads; Greater, Cast and Where take three slow ones.
    kernel: 'Step',
    emit: ({ graph, inputs: { x }, attrs: { alpha } }) => {
      const steep = { alpha: new FloatAttribute(3e38), beta: new FloatAttribute(0) };
      const ones = elementwise(graph, 'HardSigmoid', [x], x.dtype, steep);
      if (!alpha) return ones;
      const height = elementwise(graph, 'Mul', [ones, scalarOf(1 - alpha)], x.dtype);
      return elementwise(graph, 'Add', [height, scalarOf(alpha)], x.dtype);
    },
  },
  {
    kernel: 'Cast',
    emit: ({ graph, inputs: { x }, attrs: { dtype } }) =>
      dtype === x.dtype ? x : elementwise(graph, 'Cast', [x], dtype, { to: elementTypes[elementTypeOf(dtype)] }),
  },
  {
    kernel: 'ClipByValue',
    emit: ({ graph, inputs: { x }, attrs: { clipValueMin, clipValueMax } }) =>
      elementwise(graph, 'Clip', [x], x.dtype, {}, [graph.scalar(clipValueMin), graph.scalar(clipValueMax)]),
  },
  {
    kernel: 'Select',
    emit: ({ graph, inputs: { condition, t, e } }) => elementwise(graph, 'Where', [condition, t, e], t.dtype),
  },
];
