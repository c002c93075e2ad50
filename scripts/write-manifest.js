// The commands with their flags in one file: without it the program loads every command before it runs one.
import { writeFileSync } from 'node:fs';
import { Plugin } from '@oclif/core';

const root = new URL('..', import.meta.url).pathname;
const plugin = new Plugin({
  ...{ root, type: 'core' },
  ...{ ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true },
});
await plugin.load();
writeFileSync('oclif.manifest.json', JSON.stringify(plugin.manifest));
