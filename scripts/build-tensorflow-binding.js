// node scripts/build-tensorflow-binding.js FOLDER: a real @tensorflow/tfjs-node in FOLDER/node_modules on machines that
// its own installer cannot serve. The library and headers come out of TensorFlow's Python wheel; needs pip and g++.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const BINDING = '@tensorflow/tfjs-node@4.22.0';
const WHEEL = 'tensorflow-cpu==2.12.1'; // the newest whose C library this binding still compiles against
const [target] = process.argv.slice(2);
if (!target) throw new Error('Name the folder to build in.');

const folder = resolve(target);
const binding = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
const deps = join(binding, 'deps');
const run = (cwd, command, ...args) => execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
run(folder, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', BINDING);
for (const made of ['deps', 'lib', 'build']) rmSync(join(binding, made), { recursive: true, force: true });
mkdirSync(deps);

const platform = ['--only-binary=:all:', '--python-version', '311', '--platform', 'manylinux2014_x86_64'];
run(deps, 'python3', '-m', 'pip', 'download', '-q', '--no-deps', ...platform, '-d', '.', WHEEL);
const wheel = readdirSync(deps).find((name) => name.endsWith('.whl'));
run(deps, 'python3', '-m', 'zipfile', '-e', wheel, '.');
rmSync(join(deps, wheel));
renameSync(join(deps, 'tensorflow', 'include'), join(deps, 'include'));
mkdirSync(join(deps, 'lib'));
for (const part of ['cc', 'framework']) {
  const library = `libtensorflow_${part}.so.2`;
  renameSync(join(deps, 'tensorflow', library), join(deps, 'lib', library));
  symlinkSync(library, join(deps, 'lib', part === 'cc' ? 'libtensorflow.so' : 'libtensorflow_framework.so'));
}
rmSync(join(deps, 'tensorflow'), { recursive: true });
writeFileSync(join(binding, 'scripts', 'custom-binary.json'), '{"tf-lib":"local"}\n'); // else its build downloads
run(binding, 'npx', '--no-install', 'node-pre-gyp', 'install', '--build-from-source');
run(binding, process.execPath, '-e', "if (require('.').matMul([[2]], [[3]]).dataSync()[0] !== 6) process.exit(1)");
console.log(binding);
