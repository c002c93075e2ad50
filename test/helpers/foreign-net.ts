import { InferenceSession, Tensor } from 'onnxruntime-node';
import { randomOf } from '../../src/core/random.js';
import { type AttributeValue, type OnnxGraph, writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { sizeOf } from '../../src/engine/program.js';

/** Writes a graph as others do, node by node: each method returns the name of the value it adds. */
export class ForeignNet {
  readonly weights = new Map<string, { shape: number[]; values: Float32Array }>();
  private readonly nodes: OnnxGraph['nodes'] = [];
  private readonly random = randomOf('a foreign net');

  /** @param size side of its images */
  constructor(private readonly size: number) {}

  node(
    op: string,
    inputs: string[],
    attributes: Record<string, AttributeValue> = {},
    domain?: 'com.microsoft',
  ): string {
    const output = `${op}${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [output], attributes, domain });
    return output;
  }

  /** A weight of random numbers, or of `values`; its name. */
  weight(name: string, shape: number[], values?: ArrayLike<number>): string {
    const count = sizeOf(shape);
    const spread = 1 / Math.sqrt(count / Math.max(shape[0] ?? 1, 1));
    this.weights.set(name, {
      shape,
      values: Float32Array.from({ length: count }, (_, i) => values?.[i] ?? spread * this.random.normal()),
    });
    return name;
  }

  conv(x: string, name: string, [out, perGroup, kernel]: number[], attributes: Record<string, AttributeValue> = {}) {
    const filters = this.weight(`${name}.w`, [out, perGroup, kernel, kernel]);
    return this.node('Conv', [x, filters, this.weight(`${name}.b`, [out])], {
      kernel_shape: [kernel, kernel],
      ...attributes,
    });
  }

  prelu(x: string, name: string, channels: number): string {
    return this.node('PRelu', [x, this.weight(`${name}.slope`, [channels, 1, 1])]);
  }

  norm(x: string, name: string, channels: number): string {
    const positive = Array.from({ length: channels }, () => this.random.between(0.5, 2));
    const own = ['scale', 'shift', 'mean'].map((part) => this.weight(`${name}.${part}`, [channels]));
    return this.node('BatchNormalization', [x, ...own, this.weight(`${name}.variance`, [channels], positive)]);
  }

  /** Sets numbers of a weight along its first axis, or with `axis` 1 along its second. */
  set(name: string, channel: number, value: number | ((i: number) => number), axis = 0): void {
    const { shape, values } = this.weights.get(name)!;
    const inner = sizeOf(shape.slice(axis + 1));
    values.forEach((_, i) => {
      if (Math.floor(i / inner) % shape[axis] === channel) values[i] = typeof value === 'number' ? value : value(i);
    });
  }

  /** The model as a file has it, with the outputs named. @param batch of its input; a number is fixed */
  bytes(outputs: Record<string, number[]>, batch: number | string = 'N'): Uint8Array {
    const shapes: [name: string, shape: Int32Array | number[]][] = [...this.shapes];
    return writeOnnx({
      nodes: this.nodes,
      initializers: [
        ...[...this.weights].map(([name, { shape, values }]) => ({
          ...{ name, shape, type: 'float32' as const },
          bytes: new Uint8Array(values.slice().buffer),
        })),
        ...shapes.map(([name, sides]) => ({
          ...{ name, shape: [sides.length], type: 'int64' as const },
          bytes: new Uint8Array(BigInt64Array.from(Array.from(sides), BigInt).buffer),
        })),
      ],
      inputs: [{ name: 'image', shape: [batch, 3, this.size, this.size], type: 'float32' }],
      outputs: Object.entries(outputs).map(([name, shape]) => ({ name, shape: [batch, ...shape], type: 'float32' })),
    });
  }

  private readonly shapes = new Map<string, number[]>();

  /** Whole numbers, such as what a reshape is told; their name. */
  integers(...values: number[]): string {
    const name = `shape ${values.join()}`;
    this.shapes.set(name, values);
    return name;
  }
}

/** A residual block with depthwise convolutions, as MobileFaceNet has them, on images of 8 pixels: (N, 12). */
export function mobileNet(): { net: ForeignNet; output: string } {
  const net = new ForeignNet(8);
  const stem = net.prelu(net.conv('image', 'stem', [8, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }), 'stem', 8);
  const widened = net.prelu(net.conv(stem, 'widen', [16, 8, 1]), 'widen', 16);
  const deep = net.conv(widened, 'deep', [16, 1, 3], { group: 16, pads: [1, 1, 1, 1] });
  const sum = net.node('Add', [stem, net.conv(net.prelu(deep, 'deep', 16), 'narrow', [8, 16, 1])]);
  const whole = net.conv(sum, 'whole', [8, 1, 4], { group: 8 });
  const rows = net.conv(whole, 'rows', [12, 8, 1]);
  return { net, output: net.node('Reshape', [rows, net.integers(-1, 12)]) };
}

/** What ONNX Runtime makes of `images`, (N, 3, S, S): all outputs, one after the other. */
export async function runForeign(bytes: Uint8Array, images: Float32Array, size: number): Promise<number[]> {
  const session = await InferenceSession.create(bytes);
  const shape = [images.length / (3 * size * size), 3, size, size];
  const results = await session.run({ image: new Tensor('float32', images, shape) });
  const values = session.outputNames.flatMap((name) => [...(results[name].data as Float32Array)]);
  await session.release();
  return values;
}

/** Images of noise, (N, 3, S, S). */
export function noise(count: number, size: number): Float32Array {
  const random = randomOf('noise');
  return Float32Array.from({ length: count * 3 * size * size }, () => random.between(-1, 1));
}
