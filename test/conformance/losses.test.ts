import { describe, it } from 'vitest';
import { losses } from '../../src/losses/losses.js';
import { expectClose, runBoth } from '../helpers/engines.js';
import { lossStep } from '../helpers/loss-step.js';

describe.each(losses.map((loss) => [loss.name, loss] as const))('loss %s', (_, loss) => {
  it('trains alike under both engines', async () => {
    const { program, inputs, state } = lossStep(loss);
    const [actual, expected] = await runBoth(program, inputs, state);
    expectClose(actual, expected, 1e-4);
  });
});
