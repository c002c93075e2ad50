// Child of fuzz-sources.js: reads one file after the other as the program would, and says how each reading ended.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readConfigFile } from '../dist/cli/config-files.js';
import { FacesieveError } from '../dist/core/errors.js';
import { silentProgress } from '../dist/core/errors.js';
import { describeModel } from '../dist/engine/onnx/describe-model.js';
import { readForeign } from '../dist/engine/onnx/foreign-file.js';
import { readPairs } from '../dist/formats/pairs/pair-readers.js';
import { readRules } from '../dist/gate/read-rules.js';
import { decodeCrop } from '../dist/images/decode.js';
import { UndecodableError } from '../dist/images/why-undecodable.js';
import { formatOfFile } from '../dist/formats/annotations/formats.js';
import { ImportedFile } from '../dist/formats/annotations/imported-file.js';
import { openSources } from '../dist/formats/dataset/open-sources.js';
import { readPlace } from '../dist/formats/dataset/read-place.js';
import { readTruth } from '../dist/formats/truth.js';

const options = { maxFileBytes: 1 << 27 };

async function readSource(source) {
  const opened = await openSources({ source, also: [], format: 'auto', options }, silentProgress);
  await opened.stamp();
  for await (const { place } of opened.entries()) {
    if (!place) continue;
    try {
      readPlace(place, options.maxFileBytes);
    } catch (error) {
      if (error.constructor !== Error) throw error; // a reason is an Error, nothing else is
    }
  }
}

async function readImage(file) {
  try {
    await decodeCrop(readFileSync(file), { size: 32, share: 1, align: 'none' }, 100_000_000);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
  }
}

async function readAnswers(file) {
  const imported = new ImportedFile(file);
  await formatOfFile(imported).read(imported);
}

const readers = {
  image: readImage,
  source: readSource,
  answers: readAnswers,
  pairs: (file) => readPairs({ file, roots: [dirname(file)] }),
  model: (file) => describeModel(file, readForeign(file)),
  rules: readRules,
  truth: readTruth,
  settings: readConfigFile,
};

process.on('message', async ({ kind, file }) => {
  let failure;
  try {
    await readers[kind](file);
  } catch (error) {
    if (!(error instanceof FacesieveError)) failure = String(error.stack).slice(0, 600);
  }
  process.send({ failure, peak: process.resourceUsage().maxRSS * 1024 });
});
