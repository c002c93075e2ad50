import { type LayerMaker, sequence } from '../layer.js';

/** body(x) + shortcut(x); without a shortcut, + x. */
export const residual =
  (body: LayerMaker, shortcut: LayerMaker = sequence()): LayerMaker =>
  (input) => {
    const [main, side] = [body(input), shortcut(input)];
    return {
      parameters: { ...main.parameters, ...side.parameters },
      multiplies: main.multiplies + side.multiplies,
      output: main.output,
      forward: (x, pass) => main.forward(x, pass).add(side.forward(x, pass)),
    };
  };
