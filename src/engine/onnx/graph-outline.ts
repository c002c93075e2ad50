import { closeSync, fstatSync, statSync } from 'node:fs';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular } from '../../core/regular-file.js';
import { FormatError, PathError } from '../../core/errors.js';
import { walkFields, type Bytes } from './field-walker.js';
import { elementTypes } from './onnx-writer.js';
import { messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

/** An input or output as a model declares it. */
export interface OutlineValue {
  name: string;
  type: 'float32' | 'uint8' | 'other';
  /** null where a side is left open; undefined when no shape is declared. */
  shape?: (number | null)[];
}

/** What an ONNX file says of itself before its weights. */
export interface GraphOutline {
  /** Without those that are weights. */
  inputs: OutlineValue[];
  outputs: OutlineValue[];
  /** Names of the first nodes, in order. */
  firstNodes: string[];
}

const FIRST_NODES = 8;
/** Longest name, input or output that is read. */
const LONGEST = 1 << 20;

// Field numbers of onnx.proto.
const model = { graph: 7 } as const;
const graph = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const nodeName = 3;
const tensorName = 8;

/** The outline of an ONNX file, whose weights are skipped. @throws PathError, FormatError when it is no model */
export function readOutline(file: string): GraphOutline {
  let descriptor: number;
  try {
    if (!statSync(file).isFile()) throw new Error('it is not a regular file'); // a pipe would be waited for
    descriptor = openRegular(file);
  } catch (error) {
    throw new PathError(`The model "${file}" cannot be read: ${(error as Error).message}`);
  }
  try {
    return outlineOf({
      length: fstatSync(descriptor).size,
      read: (at, into) => readUpTo(descriptor, at, into, file),
    });
  } catch (error) {
    throw new FormatError(`"${file}" is not an ONNX model: ${(error as Error).message}.`);
  } finally {
    closeSync(descriptor);
  }
}

function outlineOf(bytes: Bytes): GraphOutline {
  const weights = new Set<string>();
  const inputs: OutlineValue[] = [];
  const outline: GraphOutline = { inputs, outputs: [], firstNodes: [] };
  let graphs = 0;
  walkFields(bytes, 0, bytes.length, (field) => {
    if (field.number !== model.graph) return;
    graphs++;
    walkFields(bytes, field.start, field.end, (part) => {
      const nameOf = (number: number): string => nameIn(bytes, part, number);
      if (part.number === graph.node && outline.firstNodes.length < FIRST_NODES)
        outline.firstNodes.push(nameOf(nodeName));
      if (part.number === graph.initializer) weights.add(nameOf(tensorName));
      if (part.number === graph.input) inputs.push(valueOf(contentOf(bytes, part)));
      if (part.number === graph.output) outline.outputs.push(valueOf(contentOf(bytes, part)));
    });
  });
  if (graphs !== 1) throw new Error('it holds no graph');
  return { ...outline, inputs: inputs.filter(({ name }) => !weights.has(name)) };
}

interface Part {
  start: number;
  end: number;
}

function contentOf(bytes: Bytes, { start, end }: Part): Uint8Array {
  if (end - start > LONGEST) throw new Error('a name or a shape in it is longer than any model has');
  const content = new Uint8Array(end - start);
  bytes.read(start, content);
  return content;
}

function nameIn(bytes: Bytes, { start, end }: Part, number: number): string {
  let name = '';
  walkFields(bytes, start, end, (field) => {
    if (field.number === number) name = new TextDecoder().decode(contentOf(bytes, field));
  });
  return name;
}

/** ValueInfo: name(1), type(2).tensor_type(1): elem_type(1), shape(2).dim(1): dim_value(1). */
function valueOf(content: Uint8Array): OutlineValue {
  const fields = readFields(content);
  const [type] = messagesOf(fields, 2);
  const [tensor] = type ? messagesOf(readFields(type), 1) : [];
  const about = tensor ? readFields(tensor) : [];
  const [element] = numbersOf(about, 1);
  const [shape] = messagesOf(about, 2);
  const sides = shape && messagesOf(readFields(shape), 1).map((side) => numbersOf(readFields(side), 1)[0] ?? null);
  return {
    name: textOf(fields, 1),
    type: element === elementTypes.float32 ? 'float32' : element === elementTypes.uint8 ? 'uint8' : 'other',
    shape: sides?.map((side) => (side !== null && side > 0 ? side : null)),
  };
}
