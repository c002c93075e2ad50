// Removes from dist what was compiled from a source that is gone: a command whose file stays is still a command.
import { existsSync, readdirSync, rmSync } from 'node:fs';

const made = existsSync('dist') ? readdirSync('dist', { recursive: true, encoding: 'utf8' }) : [];
for (const file of made) {
  const [, name] = /^(.*?)(?:\.d\.ts|\.js)$/.exec(file) ?? [];
  if (name === undefined || /^(vendor|review[\\/]page)[\\/]/.test(file)) continue;
  if (!existsSync(`src/${name}.ts`)) rmSync(`dist/${file}`);
}
