import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf, type Random } from '../../src/core/random.js';
import { sha256 } from '../../src/core/fingerprint.js';
import {
  type AttributeValue,
  type OnnxGraph,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
  writeOnnx,
} from '../../src/engine/onnx/onnx-writer.js';
import { writeFiles } from './tiny-crawl.js';

type Sides = readonly (number | string)[];

/** Collects nodes and weights; a node is named after its output, as insightface's rule about names needs. */
class GraphMaker {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];

  node(op: string, inputs: string[], output: string, attributes: Record<string, AttributeValue> = {}): string {
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  floats(name: string, shape: number[], values: Iterable<number>): string {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    this.initializers.push({ name, shape, type: 'float32', bytes });
    return name;
  }

  whole(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, shape: [values.length], type: 'int64', bytes });
    return name;
  }

  finish(inputs: OnnxValue[], outputs: OnnxValue[]): Uint8Array {
    const graph: OnnxGraph = { nodes: this.nodes, initializers: this.initializers, inputs, outputs };
    return writeOnnx(graph);
  }
}

const float = (name: string, shape: Sides): OnnxValue => ({ name, shape, type: 'float32' });
const normals = (random: Random, count: number, size: number): number[] =>
  Array.from({ length: count }, () => size * random.normal());

/** Filters of 3 x 8 x 8 that see nothing in a plain area, so that the black of a letterbox is no face. */
function filters(random: Random, count: number, size: number): number[] {
  return Array.from({ length: count }, () => {
    const weights = normals(random, 192, size);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    return weights.map((weight) => weight - mean);
  }).flat();
}

export interface DetectorShape {
  strides: 3 | 5;
  points: boolean;
  /** Height and width, when the network has them fixed. */
  size?: readonly [number, number];
  /** Outputs (1, N, d), not (N, d). */
  batched?: boolean;
  /** One row of places more than there are squares of a stride. */
  padded?: boolean;
  /** How far scores lie below one half without anything to see. */
  shy?: number;
}

/** Where the five points lie from the middle of a box, in strides: ArcFace's template on a box of eight strides. */
const FIVE = [-1.27, -1.45, 1.25, -1.46, 0, -0.02, -1.03, 1.46, 1.05, 1.44];

/** A random network with the inputs and outputs of SCRFD: each stride is one convolution over patches of 8 x 8. */
export function randomDetector(
  seed: string,
  { strides, points, size, batched, padded = false, shy = 3.5 }: DetectorShape,
): Uint8Array {
  const graph = new GraphMaker();
  const random = randomOf('random detector', seed);
  const anchors = strides === 3 ? 2 : 1;
  const kinds = [
    { name: 'score', values: 1, bias: [-shy], size: 0.25 },
    { name: 'bbox', values: 4, bias: [4, 4, 4, 4], size: 0.03 },
    ...(points ? [{ name: 'kps', values: 10, bias: FIVE, size: 0.01 }] : []),
  ];
  const outputs = kinds.flatMap(({ name, values, bias, size: spread }) =>
    [8, 16, 32, 64, 128].slice(0, strides).map((stride) => {
      const at = `${name}_${stride}`;
      const channels = anchors * values;
      const weights = graph.floats(`${at}_weights`, [channels, 3, 8, 8], filters(random, channels, spread));
      const shift = graph.floats(
        `${at}_bias`,
        [channels],
        Array.from({ length: channels }, (_, i) => bias[i % values]),
      );
      const seen = graph.node('Conv', ['input.1', weights, shift], `Conv_${at}`, {
        strides: [stride, stride],
        kernel_shape: [8, 8],
        pads: [0, 0, padded ? stride : 0, 0],
      });
      const ready = name === 'score' ? graph.node('Sigmoid', [seen], `Sigmoid_${at}`) : seen;
      const turned = graph.node('Transpose', [ready], `Transpose_${at}`, { perm: [0, 2, 3, 1] });
      const shape = graph.whole(`${at}_shape`, batched ? [1, -1, values] : [-1, values]);
      graph.node('Reshape', [turned, shape], at);
      return float(at, batched ? [1, `n_${stride}`, values] : [`n_${stride}`, values]);
    }),
  );
  return graph.finish([float('input.1', [1, 3, ...(size ?? ['?', '?'])])], outputs);
}

/** A random network that embeds; with `prepares` it begins with a Sub and a Mul, as those from MXNet do. */
export function randomEmbedder(
  seed: string,
  {
    side = 112,
    dimensions = 16,
    prepares = false,
    batch = 'None' as number | string,
    declared = undefined as number | undefined,
    weightsAsInputs = false,
  } = {},
): Uint8Array {
  const graph = new GraphMaker();
  const random = randomOf('random embedder', seed);
  let at = 'data';
  if (prepares) {
    at = graph.node('Sub', [at, graph.floats('mean', [1], [127.5])], 'Sub_minus');
    at = graph.node('Mul', [at, graph.floats('scale', [1], [1 / 128])], 'Mul_scale');
  }
  const patches = Math.floor(side / 16);
  at = graph.node('Conv', [at, graph.floats('patch', [4, 3, 16, 16], normals(random, 4 * 768, 0.05))], 'Conv_patches', {
    strides: [16, 16],
    kernel_shape: [16, 16],
  });
  at = graph.node('Relu', [at], 'Relu_patches');
  at = graph.node('Flatten', [at], 'Flatten_patches', { axis: 1 });
  const inputs = 4 * patches * patches;
  graph.node(
    'MatMul',
    [at, graph.floats('head', [inputs, dimensions], normals(random, inputs * dimensions, 0.1))],
    'embedding',
  );
  return graph.finish(
    [float('data', [batch, 3, side, side]), ...(weightsAsInputs ? graph.initializers : [])],
    [float('embedding', [1, declared ?? dimensions])],
  );
}

/** The folders of networks that insightface and facesieve are held together on, by name: path in the folder -> bytes. */
export function randomPacks(): Record<string, Record<string, Uint8Array | string>> {
  const detector = randomDetector('manifest', { strides: 3, points: true, shy: 4 });
  const manifest = {
    manifest_version: 2,
    model_id: 'random_manifest',
    license: 'MODEL.LICENSE',
    tasks: {
      detection: { file: 'networks/find.onnx', sha256: sha256(detector), preprocessing: { mean: 100, std: 90 } },
      recognition: { file: 'networks/embed.onnx', preprocessing: 'embedded' },
    },
  };
  return {
    usual: {
      '1k3d68.onnx': randomEmbedder('landmarks', { side: 192, batch: 1 }),
      'det_10g.onnx': randomDetector('usual', { strides: 3, points: true }),
      'genderage.onnx': randomEmbedder('age', { side: 96 }),
      'w600k_r50.onnx': randomEmbedder('usual'),
    },
    boxes: {
      'det.onnx': randomDetector('boxes', { strides: 3, points: false, batched: true, shy: 4.6 }),
      'rec.onnx': randomEmbedder('boxes', { prepares: true, batch: 1 }),
    },
    five: {
      'det.onnx': randomDetector('five', { strides: 5, points: true, size: [256, 384], batched: true, shy: 3 }),
      'rec.onnx': randomEmbedder('five', { prepares: true }),
    },
    'five-boxes': {
      'det.onnx': randomDetector('five boxes', { strides: 5, points: false, shy: 2 }),
      'rec.onnx': randomEmbedder('five boxes'),
    },
    manifest: {
      'manifest.json': JSON.stringify(manifest),
      'MODEL.LICENSE': 'For tests.',
      'a-decoy.onnx': randomDetector('decoy', { strides: 3, points: true }),
      'networks/find.onnx': detector,
      'networks/embed.onnx': randomEmbedder('manifest', { prepares: true }),
    },
  };
}

/** Writes the files of a pack. @returns its folder */
export function writePack(folder: string, files: Record<string, Uint8Array | string>): string {
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, files);
  return folder;
}

export function writePacks(folder: string): void {
  for (const [name, files] of Object.entries(randomPacks())) writePack(join(folder, name), files);
}
