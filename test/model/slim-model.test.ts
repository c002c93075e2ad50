import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { slimDefaults } from '../../src/engine/onnx/slim/slim-graph.js';
import { frozenModel } from '../../src/model/frozen/frozen-model.js';
import { slimModel } from '../../src/model/frozen/slim-model.js';
import { runInProcess } from '../helpers/in-process.js';
import { mobileNet } from '../helpers/foreign-net.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const engine = { threads: 1, device: 'cpu' };

/** A file of a model of which 8 of 16 channels are read by nobody; it wants its images in the order BGR. */
function deadModel(): string {
  const { net, output } = mobileNet();
  for (let channel = 0; channel < 8; channel++) net.set('narrow.w', channel, 0, 1);
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, net.bytes({ [output]: [12] }, 1));
  writeFileSync(file.replace('.onnx', '.json'), '{"channels":"bgr","mean":127,"scale":128}');
  return file;
}
const preparedAs = (file: string) => frozenModel(resolveConfig({ backbone: file }));

describe('a slim copy of a model', () => {
  it('is smaller, computes the same, and is the same model to a workspace', async () => {
    const file = deadModel();
    const out = join(dirname(file), 'slim.onnx');
    const result = await slimModel(preparedAs(file), out, slimDefaults, engine);
    expect(result).toMatchObject({ out, dead: 8, duplicate: 0, filters: { before: 68, after: 52 } });
    expect(result.bytes).toEqual({ before: readFileSync(file).length, after: readFileSync(out).length });
    expect(result.bytes.after).toBeLessThan(result.bytes.before - 8 * (8 + 9 + 8) * 4);
    expect(result.cosine.lowest).toBeGreaterThan(0.999999);
    const { sha256, preprocessing } = preparedAs(out);
    expect({ sha256, preprocessing }).toEqual({
      sha256: preparedAs(file).sha256,
      preprocessing: { channels: 'bgr', mean: 127, scale: 128 },
    });
  });

  it('is not written when it would compute something else', async () => {
    const file = deadModel();
    const model = preparedAs(file);
    const before = readdirSync(dirname(file));
    const slim = slimModel(model, join(dirname(file), 'slim.onnx'), { threshold: 0.9, multiple: 1 }, engine);
    await expect(slim).rejects.toThrow(/gives other embeddings without these channels: their cosine falls to /);
    expect(readdirSync(dirname(file))).toEqual(before);
  });

  it('is never written over the model, nor under a name that --backbone would not take', async () => {
    const file = deadModel();
    const link = join(dirname(file), 'again.onnx');
    symlinkSync(file, link);
    const to = (out: string) => slimModel(preparedAs(file), out, slimDefaults, engine);
    for (const itself of [file, link]) await expect(to(itself)).rejects.toThrow(/is the model itself/);
    await expect(to(join(dirname(file), 'slim.bin'))).rejects.toThrow(/does not end in .onnx/);
    expect(existsSync(join(dirname(file), 'slim.bin'))).toBe(false);
  });

  it('is written by the command, which says when there is nothing to take out', async () => {
    const file = deadModel();
    const [once, twice] = ['once.onnx', 'twice.onnx'].map((name) => join(dirname(file), name));
    const first = await runInProcess('model slim', [file, '--out', once]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/68 -> 52 filters\n8 dead and 0 duplicate channels taken out; lowest cosine 1.000000/);
    expect((await runInProcess('model slim', [once, '--out', twice])).stdout).toMatch(/none was taken out/);
    expect(readFileSync(twice)).toEqual(readFileSync(once));
    expect(await runInProcess('model slim', [file, '--threshold', '2'])).toMatchObject({ code: 64 });
  });
});
