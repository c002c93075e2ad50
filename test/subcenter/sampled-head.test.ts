import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { randomOf } from '../../src/core/random.js';
import { arcface } from '../../src/losses/arcface.js';
import { trainedNetwork } from '../../src/model/network.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { filterConflicts } from '../../src/subcenter/inter-class-filter.js';
import { SampledHead, sampledClasses } from '../../src/subcenter/sampled-head.js';
import { freshState, trainingProgram, weightSpecs } from '../../src/training/training-program.js';
import { tinySettings } from '../helpers/context.js';
import { expectClose, onnx, randomInputs, referee, runBoth } from '../helpers/engines.js';

const numbered = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);
const labels = Int32Array.of(7, 2, 7, 9);
const shape = { classes: 20, sampled: 8, rowLength: 6, seed: 1 };

describe('a sampled head', () => {
  it("holds the batch's own classes and random others, whole, and knows where they are", () => {
    const head = new SampledHead(numbered(120), numbered(120), shape);
    const { classes, labels: places, inputs } = head.sample(labels, 0, 3);
    expect(classes.length).toBe(8);
    expect([...places].map((place) => classes[place])).toEqual([...labels]);
    classes.forEach((label, place) =>
      expect([...inputs.head.slice(place * 6, place * 6 + 6)]).toEqual([
        ...numbered(120).slice(label * 6, label * 6 + 6),
      ]),
    );
    expect(head.sample(labels, 0, 3).classes).toEqual(classes);
    expect(head.sample(labels, 0, 4).classes).not.toEqual(classes);
  });

  it('changes the rows of the sample and no others', () => {
    const rows = numbered(120);
    const head = new SampledHead(rows, new Float32Array(120), shape);
    const sample = head.sample(labels, 0, 0);
    const ones = new Float32Array(48).fill(-1);
    head.write(sample, { 'next head': ones, 'next velocity:head': ones });
    const changed = new Set([...rows.keys()].filter((i) => rows[i] === -1).map((i) => Math.floor(i / 6)));
    expect(changed).toEqual(new Set(sample.classes));
  });

  it('writes the momentum of the sample back with its rows, and feeds both to the next step that draws them', () => {
    const [rows, velocities] = [numbered(120), numbered(120).map((value) => 1000 + value)];
    const head = new SampledHead(rows, velocities, shape);
    const sample = head.sample(labels, 0, 0);
    const place = sample.labels[1]; // of class 2
    expect([...sample.inputs['velocity:head'].slice(place * 6, place * 6 + 6)]).toEqual(
      [12, 13, 14, 15, 16, 17].map((value) => 1000 + value),
    );
    head.write(sample, {
      'next head': new Float32Array(48).fill(-1),
      'next velocity:head': new Float32Array(48).fill(-2),
    });
    const next = head.sample(labels, 5, 5);
    const at = next.labels[1];
    expect([...next.inputs.head.slice(at * 6, at * 6 + 6)]).toEqual(Array(6).fill(-1));
    expect([...next.inputs['velocity:head'].slice(at * 6, at * 6 + 6)]).toEqual(Array(6).fill(-2));
    const { head: kept, 'velocity:head': momentum } = head.state();
    expect([kept[12], momentum[12]]).toEqual([-1, -2]);
    expect(momentum.filter((value) => value === -2)).toHaveLength(48);
  });

  it('draws its others from all classes, in another way each epoch, and keeps classes in order', () => {
    const head = new SampledHead(numbered(120), numbered(120), shape);
    const classesOf = (epoch: number, step: number): number[] => [...head.sample(labels, epoch, step).classes];
    expect(classesOf(0, 3)).not.toEqual(classesOf(1, 3));
    const drawn = Array.from({ length: 60 }, (_, step) => classesOf(0, step));
    expect(new Set(drawn.flat()).size).toBe(20);
    for (const classes of drawn) expect(classes).toEqual([...classes].sort((a, b) => a - b));
  });

  it('sees no less than the share that is asked for', () => {
    expect(sampledClasses(1001, 0.1, 32)).toBe(101);
  });

  it('has at least room for a batch, at most all classes', () => {
    expect([sampledClasses(1000, 0.1, 32), sampledClasses(100, 0.1, 32), sampledClasses(20, 0.1, 32)]).toEqual([
      100, 32, 20,
    ]);
    expect(sampledClasses(1000, 1, 32)).toBe(1000);
  });
});

describe('a training step with a sampled head', () => {
  const config = resolveConfig({ ...tinySettings, batchSize: 4, clipNorm: 0.5, interClassCosine: 0.05 });
  const model = { network: trainedNetwork(config), loss: arcface, classes: 5, config };
  const program = trainingProgram({ ...model, sampled: true });
  const state = freshState(weightSpecs(model), 1);
  const scalars = { rate: Float32Array.of(0.05), margin: Float32Array.of(0.3) };
  const drawn = randomInputs(trainingProgram(model).inputs, randomOf('sampled step'));

  it('returns the rows that the whole head would have had', async () => {
    const { head, 'velocity:head': velocity, ...rest } = state;
    const fed = { ...drawn, ...scalars, head, 'velocity:head': velocity };
    const sampled = await onnx.load(program, rest);
    const outputs = await sampled.run(fed);
    const whole = await onnx.load(trainingProgram(model), state);
    const { loss } = await whole.run({ ...drawn, ...scalars });
    const next = await whole.readState();
    expectClose({ loss: outputs.loss, head: outputs['next head'] }, { loss, head: next.head }, 1e-6);
  });

  it('agrees with the referee, clipping and filter included', async () => {
    const inputs = { ...drawn, ...scalars, head: state.head, 'velocity:head': state['velocity:head'] };
    const [actual, expected] = await runBoth(program, inputs, state);
    expectClose(actual, expected, 2e-3);
  });
});

describe('the inter-class filter', () => {
  it('sets other classes above the limit to zero, and leaves the own one', async () => {
    const program = {
      inputs: { cosine: { shape: [2, 3], dtype: 'float32' as const }, labels: { shape: [2], dtype: 'int32' as const } },
      state: {},
      body: (x: Record<string, tf.Tensor>) => ({
        outputs: {
          value: filterConflicts(x.cosine as tf.Tensor2D, tf.oneHot(x.labels, 3).cast<tf.Tensor2D>('float32'), 0.4),
        },
      }),
    };
    const executable = await referee.load(program, {});
    const inputs = { cosine: Float32Array.of(0.9, 0.5, 0.3, 0.41, -0.5, 0.39), labels: Int32Array.of(0, 1) };
    const { value } = await executable.run(inputs);
    [0.9, 0, 0.3, 0, -0.5, 0.39].forEach((expected, i) => expect(value[i]).toBeCloseTo(expected, 6));
  });
});
