import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { stageSettings } from '../../src/pipeline/stage-settings.js';

describe('the key of a sift', () => {
  it.each([
    ...([['targetRecall', 0.9], ['targetPrecision', 0.9], ['dropAt', 0.7], ['reviewAt', 0.01], ['rule', 'angle']] as const), // prettier-ignore
    ...([['angle', 60], ['hardFence', 3], ['neighbours', 5], ['seed', 7], ['duplicateBits', 2]] as const), // prettier-ignore
  ])('is another one with another %s', (name, value) => {
    const under = (settings: object): string => JSON.stringify(stageSettings('sift', resolveConfig(settings)));
    expect(under({ [name]: value })).not.toBe(under({}));
  });
});
