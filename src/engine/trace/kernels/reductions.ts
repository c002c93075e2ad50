import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelCall, type KernelEntry, residentLayout, traced } from '../kernel.js';
import { type Layout, storedAxes, unblocked } from '../layout.js';

interface Reduction {
  source: string;
  axes: number[];
  layout: Layout;
  shape: number[];
}

/** Logical axes and result shape; the stored layout is kept where the order of what remains does not change. */
function planReduction(graph: GraphBuilder, x: TracedValue, axes: number[], keepDims: boolean): Reduction {
  const resident = unblocked(residentLayout([x]));
  const remaining = [0, 1, 2, 3].filter((axis) => !axes.includes(axis));
  const layout = resident !== 'logical' && (keepDims || remaining.length <= 1) ? resident : 'logical';
  const shape = keepDims
    ? x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return { source: graph.nameOf(x, layout), axes: storedAxes(axes, layout), layout, shape };
}

const parseAxes = (axis: number | number[] | undefined, rank: number): number[] => {
  const axes = axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b);
};

/**
 * Sums over the positions of blocked activations, (N, H, W, C) to (N, C) or (C), by ONNX Runtime's global average:
 * the one reduction it has for them.
 */
function blockedSum({ graph, inputs: { x } }: KernelCall, axes: number[], keepDims: boolean): TracedValue | undefined {
  const [count, height, width, channels] = x.shape;
  const wanted = axes.join() === '0,1,2' ? [channels] : axes.join() === '1,2' ? [count, channels] : undefined;
  if (residentLayout([x]) !== 'nchwc' || !wanted) return undefined;
  const means = graph.blockedNode('GlobalAveragePool', [graph.nameOf(x, 'nchwc')], {});
  const sums = graph.node('Mul', [graph.reshape(means, [count, channels]), graph.scalar(height * width)]);
  const name = wanted.length === 2 ? sums : graph.node('ReduceSum', [sums, graph.integers([0])], { keepdims: 0 }); // (N, C) -> (C)
  const kept = wanted.length === 2 ? [count, 1, 1, channels] : [1, 1, 1, channels];
  return keepDims ? traced(graph.reshape(name, kept), kept, 'float32') : traced(name, wanted, 'float32');
}

/** ONNX takes ReduceSum's axes as an input and the other reductions' as an attribute (opset 17). */
function reduction(kernel: string, op: string, axesAsInput: boolean): KernelEntry {
  return {
    kernel,
    emit: (call) => {
      const { graph, inputs, attrs } = call;
      const { x } = inputs;
      const { axis, reductionIndices, keepDims = false } = attrs;
      const axes = parseAxes(axis ?? reductionIndices, x.shape.length);
      const blocked = op === 'ReduceSum' ? blockedSum(call, axes, keepDims) : undefined;
      if (blocked) return blocked;
      const plan = planReduction(graph, x, axes, keepDims);
      const keepdims = keepDims ? 1 : 0;
      const squared = op === 'ReduceSum' ? squareBehind(graph, plan.source) : undefined;
      const name = squared
        ? graph.node('ReduceSumSquare', [squared], { axes: plan.axes, keepdims })
        : axesAsInput
          ? graph.node(op, [plan.source, graph.integers(plan.axes)], { keepdims })
          : graph.node(op, [plan.source], { axes: plan.axes, keepdims });
      return traced(name, plan.shape, x.dtype, keepDims ? plan.layout : 'logical');
    },
  };
}

/** The v of a value that was made as v * v: summing squares in one pass spares a whole activation's write and read. */
function squareBehind(graph: GraphBuilder, name: string): string | undefined {
  const producer = graph.producerOf(name);
  return producer?.op === 'Mul' && producer.inputs[0] === producer.inputs[1] ? producer.inputs[0] : undefined;
}

export const reductionKernels: KernelEntry[] = [
  reduction('Sum', 'ReduceSum', true),
  reduction('Mean', 'ReduceMean', false),
  reduction('Max', 'ReduceMax', false),
  reduction('Min', 'ReduceMin', false),
  {
    kernel: 'Softmax',
    emit: ({ graph, inputs: { logits }, attrs: { dim } }) =>
      traced(graph.node('Softmax', [graph.nameOf(logits)], { axis: dim }), logits.shape, 'float32'),
  },
  {
    kernel: 'LogSoftmax',
    emit: ({ graph, inputs: { logits }, attrs: { axis } }) =>
      traced(graph.node('LogSoftmax', [graph.nameOf(logits)], { axis }), logits.shape, 'float32'),
  },
];
