import { irResnet } from './ir-resnet.js';

export const ir18 = irResnet('ir-18', [2, 2, 2, 2]);
