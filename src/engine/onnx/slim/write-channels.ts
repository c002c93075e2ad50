import type { ForeignGraph } from '../foreign-graph.js';
import { attributeMessage, initializerMessage, valueMessage } from '../onnx-writer.js';
import { MessageWriter } from '../protobuf.js';
import { editFields, readFields, textOf } from '../protobuf-reader.js';

// Field numbers of onnx.proto.
const model = { graph: 7 } as const;
const graph = { node: 1, initializer: 5, input: 11, valueInfo: 13 } as const;
const node = { output: 2, attribute: 5 } as const;

/**
 * The model in `bytes` with those of its weights that `changed` names, and the groups of its depthwise convolutions, as
 * they are in `now`. Shapes that the file states of values in between go: they may have changed.
 */
export function withChannels(bytes: Uint8Array, now: ForeignGraph, changed: ReadonlySet<string>): Uint8Array {
  const groups = new Map(now.nodes.map(({ outputs, numbers }) => [outputs[0], numbers.group?.[0]]));
  return editFields(bytes, (field) =>
    field.number === model.graph ? changedGraph(field.value as Uint8Array, now, changed, groups) : field.value,
  );
}

function changedGraph(
  bytes: Uint8Array,
  { weights }: ForeignGraph,
  changed: ReadonlySet<string>,
  groups: ReadonlyMap<string, number | undefined>,
): Uint8Array {
  const writer = new MessageWriter();
  for (const { number, wire, value } of readFields(bytes)) {
    if (number === graph.valueInfo) continue;
    const name = number === graph.initializer ? textOf(readFields(value as Uint8Array), 8) : undefined;
    const declared = number === graph.input ? textOf(readFields(value as Uint8Array), 1) : undefined;
    if (name !== undefined && changed.has(name)) {
      const { shape, values } = weights.get(name)!;
      const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      writer.message(graph.initializer, initializerMessage({ name, shape, type: 'float32', bytes: content }));
    } else if (declared !== undefined && changed.has(declared))
      // Old exporters list weights among the inputs, with their shapes.
      writer.message(
        graph.input,
        valueMessage({ name: declared, type: 'float32', shape: weights.get(declared)!.shape }),
      );
    else writer.raw(number, wire, number === graph.node ? withGroup(value as Uint8Array, groups) : value);
  }
  return writer.finish();
}

function withGroup(bytes: Uint8Array, groups: ReadonlyMap<string, number | undefined>): Uint8Array {
  const group = groups.get(textOf(readFields(bytes), node.output));
  if (group === undefined) return bytes;
  return editFields(bytes, (field) =>
    field.number === node.attribute && textOf(readFields(field.value as Uint8Array), 1) === 'group'
      ? attributeMessage('group', group).finish()
      : field.value,
  );
}
