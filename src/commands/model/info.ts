import { Args } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { describeModel } from '../../engine/onnx/describe-model.js';
import { readForeign } from '../../engine/onnx/foreign-file.js';

const valueSchema = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
});

export const modelInfoSchema = z.object({
  file: z.string(),
  producer: z.string(),
  opset: z.number().int(),
  domains: z.array(z.string()),
  inputs: z.array(valueSchema),
  outputs: z.array(valueSchema),
  parameters: z.number().int(),
  multiplies: z.number().nullable(),
  operators: z.record(z.string(), z.number().int()),
  metadata: z.record(z.string(), z.string()),
});

const valueLine = ({ name, type, shape }: z.infer<typeof valueSchema>): string =>
  `${name}: ${type} (${shape.join(', ')})`;

export default class ModelInfo extends BaseCommand<typeof ModelInfo> {
  static override resultSchema = modelInfoSchema;
  static override summary = 'Show the input, output, size and cost of an ONNX file.';
  static override args = { file: Args.string({ description: 'ONNX file.', required: true }) };
  static override examples = ['<%= config.bin %> <%= command.id %> network.onnx'];

  run(): Promise<z.infer<typeof modelInfoSchema>> {
    const { file } = this.args;
    const model = describeModel(file, readForeign(file));
    const operators = Object.entries(model.operators).sort(([, a], [, b]) => b - a);
    this.log(
      ...model.inputs.map((value) => `input       ${valueLine(value)}`),
      ...model.outputs.map((value) => `output      ${valueLine(value)}`),
      `made by     ${model.producer || 'unknown'}, opset ${[model.opset, ...model.domains].join(', ')}`,
      `parameters  ${model.parameters.toLocaleString('en')}`,
      `multiplies  ${model.multiplies?.toLocaleString('en') ?? 'not known'} per image`,
      `operators   ${operators.map(([name, count]) => `${name} ${count}`).join(', ')}`,
      ...Object.entries(model.metadata).map(([key, value]) => `${key.padEnd(11)} ${value}`),
    );
    return Promise.resolve({ file, ...model });
  }
}
