import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sizeOf } from '../program.js';
import { openForeign } from './foreign-file.js';
import { messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

export interface ModelDescription {
  producer: string;
  opset: number;
  /** Operators outside ONNX's own set need the runtime they are named for. */
  domains: string[];
  inputs: { name: string; type: string; shape: (number | string)[] }[];
  outputs: { name: string; type: string; shape: (number | string)[] }[];
  /** Numbers stored in the model. */
  parameters: number;
  /** Multiply-adds of its convolutions and products for one image; null where it cannot be run on zeros. */
  multiplies: number | null;
  operators: Record<string, number>;
  metadata: Record<string, string>;
}

/** What is in an ONNX file. @throws FormatError when it is none */
export async function describeModel(file: string, bytes: Uint8Array): Promise<ModelDescription> {
  const session = await openForeign(file, bytes, { logSeverityLevel: 4 });
  const [inputs, outputs] = [session.inputMetadata, session.outputMetadata].map((values) =>
    values.map((value) => ({
      name: value.name,
      type: value.isTensor ? value.type : 'not a tensor',
      shape: value.isTensor ? [...value.shape] : [],
    })),
  );
  await session.release();
  return { inputs, outputs, ...readContents(bytes), multiplies: await countMultiplies(bytes, inputs) };
}

/** Field numbers are those of onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto. */
function readContents(bytes: Uint8Array) {
  const model = readFields(bytes);
  const graph = readFields(messagesOf(model, 7)[0]);
  const opsets = messagesOf(model, 8).map((opset) => readFields(opset));
  const operators: Record<string, number> = {};
  for (const node of messagesOf(graph, 1)) {
    const name = textOf(readFields(node), 4);
    operators[name] = (operators[name] ?? 0) + 1;
  }
  const sizes = messagesOf(graph, 5).map((tensor) => sizeOf(numbersOf(readFields(tensor), 1)));
  return {
    producer: [2, 3]
      .map((field) => textOf(model, field))
      .join(' ')
      .trim(),
    opset: Math.max(...opsets.filter((opset) => textOf(opset, 1) === '').map((opset) => numbersOf(opset, 2)[0]), 0),
    domains: opsets.map((opset) => textOf(opset, 1)).filter((domain) => domain !== ''),
    parameters: sizes.reduce((a, b) => a + b, 0),
    operators,
    metadata: Object.fromEntries(
      messagesOf(model, 14).map((entry) => [textOf(readFields(entry), 1), textOf(readFields(entry), 2)]),
    ),
  };
}

interface ProfiledNode {
  op: string;
  inputs: number[][];
  outputs: number[][];
}

/** The runtime itself knows every shape: the model is run once on zeros, and its profile is read. */
async function countMultiplies(bytes: Uint8Array, inputs: ModelDescription['inputs']): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'facesieve-info-'));
  try {
    const nodes = await profile(bytes, inputs, folder);
    return nodes.reduce((sum, node) => sum + multipliesOf(node), 0);
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function profile(bytes: Uint8Array, inputs: ModelDescription['inputs'], folder: string): Promise<ProfiledNode[]> {
  const session = await InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled', // operators as the file has them
    extra: { session: { disable_prepacking: '1' } }, // a packed weight is missing from the profile
    logSeverityLevel: 4,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'run'),
  });
  const zeros = inputs.map(({ name, type, shape }) => {
    const sides = shape.map((side) => (typeof side === 'number' && side > 0 ? side : 1));
    const data = type === 'uint8' ? new Uint8Array(sizeOf(sides)) : new Float32Array(sizeOf(sides));
    return [name, new Tensor(type as 'float32', data as Float32Array, sides)] as const;
  });
  await session.run(Object.fromEntries(zeros));
  session.endProfiling();
  await session.release();
  const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8')) as {
    name: string;
    args?: {
      op_name?: string;
      input_type_shape?: Record<string, number[]>[];
      output_type_shape?: Record<string, number[]>[];
    };
  }[];
  const shapesOf = (values: Record<string, number[]>[] = []): number[][] =>
    values.map((value) => Object.values(value)[0]);
  return events
    .filter(({ name }) => name.endsWith('_kernel_time'))
    .map(({ args = {} }) => ({
      op: args.op_name ?? '',
      inputs: shapesOf(args.input_type_shape),
      outputs: shapesOf(args.output_type_shape),
    }));
}

function multipliesOf({ op, inputs, outputs }: ProfiledNode): number {
  const each = outputs[0]?.[0] || 1; // one image
  if (op === 'Conv') return (sizeOf(outputs[0]) / each) * sizeOf(inputs[1].slice(1));
  if (op === 'Gemm' || op === 'MatMul') return (sizeOf(outputs[0]) / each) * (sizeOf(inputs[1]) / outputs[0].at(-1)!);
  return 0;
}
