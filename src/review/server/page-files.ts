import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Hono } from 'hono';

const folder = join(import.meta.dirname, '..', 'page');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's own files, read once: what is asked for is only ever looked up by its name. */
export function pageFiles(): Hono {
  const app = new Hono();
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (!type) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    app.get(name === 'page.html' ? '/' : `/${name}`, (c) => c.body(text, 200, { 'Content-Type': type }));
  }
  return app;
}
