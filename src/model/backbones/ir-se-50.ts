import { irResnet } from './ir-resnet.js';

export const irSe50 = irResnet('ir-se-50', [3, 4, 14, 3], { excite: true });
