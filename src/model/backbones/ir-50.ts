import { irResnet } from './ir-resnet.js';

export const ir50 = irResnet('ir-50', [3, 4, 14, 3]);
