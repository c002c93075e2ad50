#!/usr/bin/env node
import { flush, run } from '@oclif/core';
import { endWithError } from '../dist/cli/end-with-error.js';
await run(process.argv.slice(2), import.meta.url).then(() => flush(), endWithError);
