import * as tf from '#tfjs';
import { EngineError } from '../../core/errors.js';
import { embeddingOutput } from '../../engine/onnx/embedding-output.js';
import { type ForeignGraph, foreignGraph } from '../../engine/onnx/foreign-graph.js';
import type { GraphNode } from '../../engine/onnx/graph-node.js';
import { sidesOf } from '../../engine/onnx/value-shapes.js';
import type { Arrays } from '../../engine/program.js';
import { type Preprocessing } from '../frozen/preprocessing.js';
import type { Layer, MapShape } from '../layer.js';
import type { Network, NetworkInput } from '../network.js';
import { initialise } from '../parameters.js';
import { ImportError, type Step } from './operator.js';
import { operators } from './operators.js';

/** A model from elsewhere as a network of ours: it can be trained, exported and embedded with like any other. */
export interface ImportedModel {
  network: Network;
  /** The model's own weights, under our names. */
  weights: Arrays;
}

/**
 * The ONNX model in `bytes`, node by node as layers of ours. It takes crops (N, S, S, 3) as bytes: what `preprocessing`
 * says is done to them is part of the network. It computes what ONNX Runtime makes of the model, up to rounding.
 * @example const { network, weights } = importOnnx(file, readForeign(file), usualPreprocessing);
 *   engine.load(embeddingProgram(network, 16), weights, { frozen: true });
 * @throws ImportError naming the operator and the node that cannot be a layer of ours
 * @throws FormatError when the bytes of `file` are no model
 * @throws EngineError when it does not take one batch of square images in three colours, colours first, or returns no row
 */
export function importOnnx(file: string, bytes: Uint8Array, preprocessing: Preprocessing): ImportedModel {
  const graph = foreignGraph(file, bytes);
  const { name, size } = imageInput(file, graph);
  const layers = layersOf(file, graph, name, { side: size, channels: 3 });
  return {
    network: { input: preparedInput(size, preprocessing), layers },
    weights: initialise(layers.parameters, 0),
  };
}

/** @throws EngineError unless the graph takes one batch of images, (N, 3, S, S) */
function imageInput(file: string, { inputs }: ForeignGraph): { name: string; size: number } {
  const [input] = inputs;
  const [, channels, height, width] = input?.shape ?? [];
  const isImage = inputs.length === 1 && input.type === 'float32' && input.shape.length === 4;
  if (isImage && channels === 3 && typeof height === 'number' && height === width)
    return { name: input.name, size: height };
  const found = inputs.map(({ name, type, shape }) => `"${name}" ${type} (${shape.join(', ')})`).join(', ');
  throw new EngineError(
    `"${file}" cannot be imported: floats (N, 3, S, S) of one fixed size S were expected, but it takes ${found || 'nothing'}.`,
  );
}

/** Crops as bytes, prepared as the model wants them. */
function preparedInput(size: number, { channels, mean, scale }: Preprocessing): NetworkInput {
  const asMap = (bytes: tf.Tensor): tf.Tensor4D => {
    const map = bytes.sub(mean).div<tf.Tensor4D>(scale);
    return channels === 'bgr' ? tf.reverse(map, 3) : map;
  };
  return {
    name: 'images',
    spec: (batchSize) => ({ shape: [batchSize, size, size, 3], dtype: 'uint8' }),
    asMap,
    mirrored: (bytes) => tf.reverse(asMap(bytes), 2), // (N, H, W, 3), W turned
  };
}

interface NamedStep extends Step {
  inputs: string[];
  name: string;
}

/** The nodes that the embedding needs, as one layer. */
function layersOf(file: string, graph: ForeignGraph, input: string, image: MapShape): Layer {
  const output = outputOf(file, graph);
  const shapes = new Map([[input, image]]);
  const steps: NamedStep[] = [];
  for (const { node, inputs } of neededNodes(graph, output)) {
    const step = stepOf(node, graph, inputs, shapes);
    steps.push({ ...step, inputs, name: node.outputs[0] });
    shapes.set(node.outputs[0], step.output);
  }
  const row = shapes.get(output);
  if (row?.side !== 1)
    throw new EngineError(`"${file}" cannot be imported: its output "${output}" is no row of numbers an image.`);
  return {
    parameters: Object.assign({}, ...steps.map(({ parameters }) => parameters)) as Layer['parameters'],
    multiplies: steps.reduce((sum, { multiplies }) => sum + multiplies, 0),
    output: row,
    forward(x, pass) {
      const values = new Map([[input, x]]);
      for (const step of steps) {
        const given = step.inputs.map((name) => values.get(name)!);
        values.set(step.name, step.forward(given, pass));
      }
      return values.get(output)!;
    },
  };
}

function outputOf(file: string, { outputs }: ForeignGraph): string {
  if (outputs.length === 1) return outputs[0].name;
  return embeddingOutput(
    outputs.map((output) => ({ name: output.name, shape: sidesOf(output) })),
    file,
  );
}

/** Nodes whose results depend on the image and lead to `output`, in order, each with those of its inputs that do. */
function neededNodes(graph: ForeignGraph, output: string): { node: GraphNode; inputs: string[] }[] {
  const isKnown = (name: string): boolean =>
    graph.stored.has(name) || graph.constants.has(name) || graph.integers.has(name);
  const needed = new Set([output]);
  const nodes: { node: GraphNode; inputs: string[] }[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name) && !isKnown(name))) continue;
    const inputs = node.inputs.filter((name) => name !== '' && !isKnown(name));
    inputs.forEach((name) => needed.add(name));
    nodes.push({ node, inputs });
  }
  return nodes.toReversed();
}

function stepOf(node: GraphNode, graph: ForeignGraph, inputs: string[], shapes: ReadonlyMap<string, MapShape>): Step {
  const operator = operators.find(({ op }) => op === node.op && ['', 'ai.onnx'].includes(node.domain));
  if (!operator) throw new ImportError(node, `there are ${operators.map(({ op }) => op).join(', ')}`);
  const strange = inputs.find((name) => !shapes.has(name));
  if (strange !== undefined)
    throw new ImportError(node, `its input "${strange}" is neither a float32 weight nor a map`);
  try {
    return operator.step({
      ...{ node, name: node.outputs[0], shapes: inputs.map((name) => shapes.get(name)!) },
      weights: node.inputs.map((name) => graph.weights.get(name) ?? graph.constants.get(name)),
      integers: node.inputs.map((name) => graph.integers.get(name)),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new ImportError(node, error.message);
    throw error;
  }
}
