import { writeFileSync } from 'node:fs';
import { kernelList } from './kernel-list.js';

writeFileSync('docs/kernels.md', kernelList());
