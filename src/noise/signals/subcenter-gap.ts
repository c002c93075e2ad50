import type { Signal } from '../signal.js';

/** How much nearer a sub-centre that is not the dominant one is; 0 for images of the dominant one. */
export const subcenterGap: Signal = {
  name: 'subcenter-gap',
  reference: 'Deng et al. 2020, sec. 3.3',
  higherIsNoisier: ({ cosAssigned, cosDominant }) =>
    cosAssigned === null || cosDominant === null ? null : cosAssigned - cosDominant,
};
