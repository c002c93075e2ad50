import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema, defaults } from '../../src/core/config.js';
import { ConfigError } from '../../src/core/errors.js';
import { engines } from '../../src/engine/engines.js';
import { readers } from '../../src/formats/dataset/readers.js';
import { indexKinds } from '../../src/index/indexes.js';
import { rules } from '../../src/noise/rules.js';
import { randomOf } from '../../src/core/random.js';
import { resolveConfig, storedConfig } from '../../src/core/resolve-config.js';

const presets = join(import.meta.dirname, '../../data/presets');

describe('the resolved config', () => {
  it('takes the strongest layer that says something', () => {
    const config = resolveConfig({ epochs: 5, size: 32 }, { epochs: 7 }, { epochs: undefined });
    expect([config.train.epochs, config.ingest.size, config.train.batchSize]).toEqual([
      7,
      32,
      defaults.train.batchSize,
    ]);
  });

  it('names the nearest known key, and the fault of a value', () => {
    expect(() => resolveConfig({ epocs: 3 })).toThrow(ConfigError);
    expect(() => resolveConfig({ epochs: 0 })).toThrow(/"train.epochs"/);
  });

  it("drops a loss's settings where a stronger layer names another loss", () => {
    const preset = { lossSettings: { scale: 64, marginDegrees: 28.6 } };
    expect(resolveConfig(preset).train.lossSettings).toEqual(preset.lossSettings);
    expect(resolveConfig(preset, { loss: 'arcface' }).train.lossSettings).toEqual(preset.lossSettings);
    expect(resolveConfig(preset, { loss: 'cosface' }).train.lossSettings).toEqual({});
    expect(resolveConfig(preset, { loss: 'cosface', lossSettings: { margin: 0.3 } }).train.lossSettings).toEqual({
      margin: 0.3,
    });
  });

  it('takes settings by section and by flat name alike', () => {
    const flat = { epochs: 3, index: 'exact', size: 32, rule: 'angle', threads: 1 };
    const nested = {
      train: { epochs: 3 },
      index: { kind: 'exact' },
      ingest: { size: 32 },
      sift: { rule: 'angle' },
      threads: 1,
    };
    expect(resolveConfig(nested)).toEqual(resolveConfig(flat));
    expect(resolveConfig(nested, { epochs: 4 }).train.epochs).toBe(4);
    expect(resolveConfig({ epochs: 4 }, nested).train.epochs).toBe(3);
  });

  it('says in which section a setting is that was given in another', () => {
    try {
      resolveConfig({ sift: { epochs: 3 } });
      expect.unreachable();
    } catch (error) {
      expect([(error as Error).message, (error as ConfigError).suggestions.join()]).toEqual([
        expect.stringContaining('"sift.epochs" is not a setting'),
        expect.stringContaining('"train.epochs"'),
      ]);
    }
  });

  it('reads what runs of earlier versions stored flat, without settings that are gone', () => {
    const stored = storedConfig(JSON.stringify({ epochs: 3, index: 'hnsw', subcenters: 2, goneSince: true }));
    expect(stored).toEqual({
      ...defaults,
      train: { ...defaults.train, epochs: 3, subcenters: 2 },
      index: { ...defaults.index, kind: 'hnsw' },
    });
  });

  it('says where a setting of earlier versions is now', () => {
    try {
      resolveConfig({ marginDegrees: 28.6 });
      expect.unreachable();
    } catch (error) {
      expect((error as ConfigError).suggestions.join()).toMatch(/lossSettings.*marginDegrees/);
    }
  });

  it('is valid by default and under every preset, each a short diff', () => {
    expect(configSchema.parse(defaults)).toEqual(defaults);
    for (const file of readdirSync(presets)) {
      const preset = JSON.parse(readFileSync(join(presets, file), 'utf8')) as object;
      expect(Object.keys(resolveConfig(preset as never))).toEqual(Object.keys(defaults));
      expect(Object.keys(preset).length).toBeLessThan(15);
    }
  });
});

describe('a setting that names a variant', () => {
  const { shape } = configSchema;
  it.each<[string, readonly string[], readonly string[]]>([
    ['ingest.format', shape.ingest.shape.format.options, ['auto', ...readers.map(({ name }) => name)]],
    ['sift.rule', shape.sift.shape.rule.options, Object.keys(rules)],
    ['index.kind', shape.index.shape.kind.options, ['auto', ...Object.keys(indexKinds)]],
    ['engine', shape.engine.options, Object.keys(engines)],
  ])('%s takes every variant of the list, and no other', (_, options, variants) => {
    expect([...options].sort()).toEqual([...variants].sort());
  });
});

describe('a random stream', () => {
  it('depends on its labels only', () => {
    const draw = (...labels: (string | number)[]) => Array.from({ length: 4 }, () => randomOf(...labels).integer(1000));
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    const [first, second, third] = [randomOf(1, 'a'), randomOf(1, 'b'), randomOf(2, 'a')].map((r) => r.uniform());
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('shuffles to a permutation', () => {
    const shuffled = randomOf(1).shuffle(Int32Array.from({ length: 50 }, (_, i) => i));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
