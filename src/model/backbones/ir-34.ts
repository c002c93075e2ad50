import { irResnet } from './ir-resnet.js';

export const ir34 = irResnet('ir-34', [3, 4, 6, 3]);
