// The review page is plain HTML, CSS and JavaScript: it is served as it is written.
import { cpSync, rmSync } from 'node:fs';

const [from, to] = ['src/review/page', 'dist/review/page'];
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true, filter: (file) => !file.endsWith('.json') });
