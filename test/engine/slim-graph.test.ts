import { describe, expect, it } from 'vitest';
import { slimGraph } from '../../src/engine/onnx/slim/slim-graph.js';
import { ForeignNet, mobileNet, noise, runForeign } from '../helpers/foreign-net.js';

const exactly = { threshold: 1e-12, multiple: 1 };
const images = noise(3, 8);

/** Slims the mobile net after `change`, and expects that ONNX Runtime makes the same of both. */
async function slimmed(change: (net: ForeignNet) => void, options = exactly) {
  const { net, output } = mobileNet();
  change(net);
  return checked(net.bytes({ [output]: [12] }), options);
}

async function checked(bytes: Uint8Array, options = exactly) {
  const slim = slimGraph('model', bytes, options);
  const [before, after] = [await runForeign(bytes, images, 8), await runForeign(slim.bytes, images, 8)];
  expect(after).toHaveLength(before.length);
  after.forEach((value, i) => expect(Math.abs(value - before[i])).toBeLessThan(2e-6));
  return { ...slim, isUntouched: slim.bytes === bytes };
}

const FILTERS = 8 + 16 + 16 + 8 + 8 + 12;

describe('a channel between two layers', () => {
  it('goes when its filter is zero, and what its bias makes of it goes into the biases behind', async () => {
    const slim = await slimmed((net) => {
      net.set('widen.w', 3, 0);
      net.set('widen.b', 3, 0); // 0 up to the depthwise convolution, whose bias stands after it
    });
    expect(slim).toMatchObject({ dead: 1, duplicate: 0, filters: { before: FILTERS, after: FILTERS - 2 } });
    expect(slim.bytes.length).toBeLessThan(mobileNet().net.bytes({}).length);
  });

  it('goes when its depthwise filter is zero: it is its bias everywhere, through PReLU', async () => {
    for (const bias of [0.7, -0.7])
      expect(
        await slimmed((net) => {
          net.set('deep.w', 2, 0);
          net.set('deep.b', 2, bias);
        }),
      ).toMatchObject({ dead: 1 });
  });

  it('goes when nobody reads it', async () => {
    expect(await slimmed((net) => net.set('narrow.w', 5, 1e-13, 1))).toMatchObject({ dead: 1 });
    expect(await slimmed((net) => net.set('narrow.w', 5, 1e-11, 1))).toMatchObject({ dead: 0, isUntouched: true });
  });

  it('stays when it is one number that zeros at the edge make two of', async () => {
    const slim = await slimmed((net) => {
      net.set('widen.w', 3, 0);
      net.set('widen.b', 3, 0.5);
    });
    expect(slim).toMatchObject({ dead: 0, isUntouched: true });
  });

  it('goes when it equals another one: who reads it reads the other one more', async () => {
    const copy = (net: ForeignNet, name: string): void => {
      const { shape, values } = net.weights.get(name)!;
      const inner = values.length / shape[0];
      net.set(name, 9, (i) => values[inner + (i % inner)]); // channel 1
    };
    const names = ['widen.w', 'widen.b', 'widen.slope', 'deep.w', 'deep.b', 'deep.slope'];
    expect(await slimmed((net) => names.forEach((name) => copy(net, name)))).toMatchObject({ dead: 0, duplicate: 1 });
    for (const left of names)
      expect(
        await slimmed((net) => names.filter((name) => name !== left).forEach((name) => copy(net, name))),
        left,
      ).toMatchObject({ duplicate: 0 });
  });
});

describe('a channel of a residual stream', () => {
  const kill = (net: ForeignNet): void => {
    for (const name of ['stem.w', 'stem.b', 'narrow.w', 'narrow.b']) net.set(name, 6, 0);
  };

  it('goes when all that is added to it is nothing', async () => {
    const slim = await slimmed(kill);
    expect(slim).toMatchObject({ dead: 1, filters: { after: FILTERS - 3 } }); // stem, narrow, whole
  });

  it('stays when one of those is something', async () => {
    const slim = await slimmed((net) => {
      kill(net);
      net.set('narrow.b', 6, 0.1);
    });
    expect(slim.dead).toBe(1); // 0.1 everywhere, and the convolution over the whole map has no edge
    const other = await slimmed((net) => {
      kill(net);
      net.set('narrow.w', 6, 0.1);
    });
    expect(other).toMatchObject({ dead: 0, isUntouched: true });
  });
});

it('channels stay in whole multiples, and none is found a second time', async () => {
  const kill = (net: ForeignNet): void => {
    for (const channel of [0, 4, 7, 8, 15]) net.set('narrow.w', channel, 0, 1);
  };
  expect(await slimmed(kill)).toMatchObject({ dead: 5 });
  const slim = await slimmed(kill, { ...exactly, multiple: 4 });
  expect(slim.dead).toBe(4);
  expect(await checked(slim.bytes, { ...exactly, multiple: 4 })).toMatchObject({ dead: 0, isUntouched: true });
  expect(await slimmed(kill, { ...exactly, multiple: 8 })).toMatchObject({ isUntouched: true });
});

it('what the death of one channel sets free goes as well', async () => {
  const slim = await slimmed((net) => {
    net.set('rows.w', 2, 0, 1); // nobody reads channel 2 of the stream but the block itself
    net.set('widen.w', 2, 0, 1);
    for (let channel = 0; channel < 16; channel++)
      if (channel !== 1) net.set('narrow.w', channel, (i) => (Math.floor(i / 16) === 2 ? 1 : 0), 1); // it alone is fed by them
  });
  expect(slim.dead).toBe(1 + 15);
});

describe('channels stay', () => {
  const dead = (net: ForeignNet): void => net.set('narrow.w', 5, 0, 1);

  it('around an operator that is not known', async () => {
    const { net, output } = mobileNet();
    dead(net);
    const other = net.node('Softplus', ['PRelu5']); // what narrow reads
    expect(await checked(net.bytes({ [output]: [12], [other]: [16, 4, 4] }))).toMatchObject({ isUntouched: true });
  });

  it('where they are an output', async () => {
    const { net, output } = mobileNet();
    dead(net);
    expect(await checked(net.bytes({ [output]: [12], PRelu5: [16, 4, 4] }))).toMatchObject({ isUntouched: true });
  });

  it('where their weights are used twice', async () => {
    const { net, output } = mobileNet();
    dead(net);
    const again = net.node('Conv', ['image', 'stem.w'], { pads: [1, 1, 1, 1], strides: [2, 2] });
    const twice = net.node('PRelu', [net.node('Concat', [again, again], { axis: 1 }), 'deep.slope']);
    expect(await checked(net.bytes({ [output]: [12], [twice]: [16, 4, 4] }))).toMatchObject({ isUntouched: true });
  });
});

it('batch norms whose scale is zero, and products, are seen through', async () => {
  const net = new ForeignNet(8);
  const normed = net.norm(net.conv('image', 'c', [6, 3, 3]), 'n', 6);
  net.set('n.scale', 1, 0); // its shift everywhere
  const pooled = net.node('GlobalAveragePool', [net.conv(net.node('Relu', [normed]), 'd', [10, 6, 1])]);
  const rows = net.node('Flatten', [pooled]);
  const hidden = net.node('Gemm', [rows, net.weight('g.w', [10, 7]), net.weight('g.b', [7])]);
  net.set('g.w', 2, 0, 1);
  const last = net.node('Gemm', [hidden, net.weight('h.w', [5, 7]), net.weight('h.b', [1, 5])], { transB: 1 });
  const slim = await checked(net.bytes({ [last]: [5] }));
  expect(slim).toMatchObject({ dead: 2, filters: { before: 6 + 10 + 7 + 5, after: 5 + 10 + 6 + 5 } });
});
