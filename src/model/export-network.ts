import type { Arrays, Program } from '../engine/program.js';
import { writeOnnx } from '../engine/onnx/onnx-writer.js';
import { traceProgram } from '../engine/trace/trace-program.js';
import { embeddingProgram } from './embedding-network.js';
import type { Network } from './network.js';

/** A batch no other side of a network has: where it shows up in the graph, the batch is meant. */
const MARKER = 7919;

/**
 * The embedding network as an ONNX file: bytes (batch, S, S, 3) in, unit rows (batch, D) out, image and mirror image
 * summed as `embed` does; the batch is free, preprocessing is inside.
 */
export function exportNetwork(network: Network, weights: Arrays, metadata: Record<string, string>): Uint8Array {
  const program = embeddingProgram(network, MARKER);
  const embeddingOnly: Program = {
    ...program,
    body: (inputs, state) => ({ outputs: { embedding: program.body(inputs, state).outputs.embedding } }),
  };
  const { graph } = traceProgram(embeddingOnly, { block: 0, constants: weights });
  const freeShape = (shape: readonly (number | string)[]) => shape.map((side) => (side === MARKER ? 'batch' : side));
  return writeOnnx({
    ...graph,
    initializers: graph.initializers.map((constant) => ({ ...constant, bytes: freeBytes(constant) })),
    inputs: graph.inputs.map((value) => ({ ...value, shape: freeShape(value.shape) })),
    outputs: graph.outputs.map((value) => ({ ...value, shape: freeShape(value.shape) })),
    metadata,
  });
}

/** Shapes that reshapes make: -1 where the batch stood. */
function freeBytes({ type, bytes }: { type: string; bytes: Uint8Array }): Uint8Array {
  if (type !== 'int64') return bytes;
  const values = new BigInt64Array(bytes.slice().buffer);
  return new Uint8Array(values.map((value) => (value === BigInt(MARKER) ? -1n : value)).buffer);
}
