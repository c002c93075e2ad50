import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema, defaults } from '../../src/core/config.js';
import { ConfigError } from '../../src/core/errors.js';
import { randomOf } from '../../src/core/random.js';
import { resolveConfig } from '../../src/core/resolve-config.js';

const presets = join(import.meta.dirname, '../../data/presets');

describe('the resolved config', () => {
  it('takes the strongest layer that says something', () => {
    const config = resolveConfig({ epochs: 5, size: 32 }, { epochs: 7 }, { epochs: undefined });
    expect([config.epochs, config.size, config.batchSize]).toEqual([7, 32, defaults.batchSize]);
  });

  it('names the nearest known key, and the fault of a value', () => {
    expect(() => resolveConfig({ epocs: 3 })).toThrow(ConfigError);
    expect(() => resolveConfig({ epochs: 0 })).toThrow(/"epochs"/);
  });

  it("drops a loss's settings where a stronger layer names another loss", () => {
    const preset = { lossSettings: { scale: 64, marginDegrees: 28.6 } };
    expect(resolveConfig(preset).lossSettings).toEqual(preset.lossSettings);
    expect(resolveConfig(preset, { loss: 'arcface' }).lossSettings).toEqual(preset.lossSettings);
    expect(resolveConfig(preset, { loss: 'cosface' }).lossSettings).toEqual({});
    expect(resolveConfig(preset, { loss: 'cosface', lossSettings: { margin: 0.3 } }).lossSettings).toEqual({
      margin: 0.3,
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
