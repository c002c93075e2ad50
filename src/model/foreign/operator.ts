import type * as tf from '#tfjs';
import { EngineError } from '../../core/errors.js';
import type { GraphNode, Weight } from '../../engine/onnx/graph-node.js';
import { sizeOf } from '../../engine/program.js';
import type { Layer, LayerMaker, MapShape, Pass } from '../layer.js';

/** A node of a foreign graph where it is imported. Rows (N, F) are maps of one position, (N, 1, 1, F). */
export interface ForeignNode {
  node: GraphNode;
  /** What its weights are called in our network. */
  name: string;
  /** Shapes of those inputs that depend on the image, in order. */
  shapes: readonly MapShape[];
  /** Its inputs that do not, at their places. */
  weights: readonly (Weight | undefined)[];
  /** Whole numbers at the places of its inputs, where they are known. */
  integers: readonly (readonly number[] | undefined)[];
}

/** A node of a foreign graph as a piece of a network of ours, on its inputs that depend on the image. */
export interface Step extends Pick<Layer, 'parameters' | 'multiplies' | 'output'> {
  forward(values: tf.Tensor4D[], pass: Pass): tf.Tensor4D;
}

/** An ONNX operator and how it becomes a step. @throws ImportError from `step` where a node asks for more */
export interface Operator {
  op: string;
  step(node: ForeignNode): Step;
}

/** A node that cannot become a layer of ours. The message names its operator and the node itself. */
export class ImportError extends EngineError {
  constructor(
    readonly node: GraphNode,
    problem: string,
  ) {
    super(`The operator ${node.op} (node "${node.name || node.outputs[0]}") cannot be imported: ${problem}.`);
  }
}

/** The step of a layer on the node's only input. */
export function layerStep({ node, shapes }: ForeignNode, make: LayerMaker): Step {
  if (shapes.length !== 1)
    throw new ImportError(node, `it has ${shapes.length} inputs that depend on the image, not one`);
  const { parameters, multiplies, output, forward } = make(shapes[0]);
  return { parameters, multiplies, output, forward: ([x], pass) => forward(x, pass) };
}

/** `make`, whose parameters begin with `values`, by name. */
export const startingAt =
  (make: LayerMaker, values: Record<string, Float32Array>): LayerMaker =>
  (input) => {
    const layer = make(input);
    const parameters = Object.entries(layer.parameters).map(([name, spec]) => {
      const given = values[name];
      if (given && given.length !== sizeOf(spec.shape))
        throw new RangeError(`"${name}" has ${given.length} numbers, not ${sizeOf(spec.shape)}`);
      return [name, given ? { ...spec, init: { values: given } } : spec];
    });
    return { ...layer, parameters: Object.fromEntries(parameters) as Layer['parameters'] };
  };

/** Weight number `i` of the node, 0 for its first input. */
export function weightAt({ node, weights }: ForeignNode, i: number): Weight {
  const weight = weights[i];
  if (weight) return weight;
  throw new ImportError(node, `its input "${node.inputs[i]}" is no float32 constant`);
}

/** `weight` with its axes in the order `axes`. */
export function turned({ shape, values }: Weight, axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sides = axes.map((axis) => shape[axis]);
  const at = sides.map(() => 0);
  return Float32Array.from({ length: values.length }, () => {
    const value = values[at.reduce((sum, position, i) => sum + position * strides[axes[i]], 0)];
    for (let i = at.length - 1; i >= 0 && ++at[i] === sides[i]; i--) at[i] = 0;
    return value;
  });
}
