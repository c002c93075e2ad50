import type { ReportFormat } from '../format.js';
import { page } from '../page/page.js';

/** One page with its pictures inside. */
export const htmlFormat: ReportFormat = { name: 'html', ending: '.html', pictures: true, write: page };
