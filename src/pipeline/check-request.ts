import { type Config, isFrozen } from '../core/config.js';
import { refuseUnreadable, refuseUnwritable } from '../core/access.js';
import { engineOf } from '../engine/engines.js';
import { openOnnxModel } from '../engine/onnx-model.js';
import { pathOfAlso } from '../formats/dataset/open-sources.js';
import { readerFor } from '../formats/dataset/readers.js';
import { faceModels } from '../model/frozen/face-models.js';
import { assertSide } from '../model/frozen/features.js';
import { frozenModel } from '../model/frozen/frozen-model.js';

/** What a run is asked to read and write. */
interface Request {
  source: string;
  out: string;
}

/**
 * Refuses before the first image is read, and before a workspace is made, what a later stage would refuse: a source that
 * cannot be read, a folder that cannot be written, a model or device that this machine does not have, crops of a size
 * that the model does not take.
 * @throws PathError, FormatError, MissingStageError, ConfigError, EngineError
 */
export async function checkRequest(config: Config, { source, out }: Request): Promise<void> {
  const { format, also, reference } = config.ingest;
  checkSource(source, 'the source', format);
  for (const text of also) checkSource(pathOfAlso(text), 'a further source', format);
  if (reference !== undefined) checkSource(reference, 'the reference set', format);
  refuseUnwritable(out, '--out');
  await checkMachine(config);
}

/** The part of it that asks for nothing but settings. @throws MissingStageError, PathError, FormatError, EngineError */
export async function checkMachine(config: Config): Promise<void> {
  if (config.ingest.align === 'auto') faceModels(config.model.backbone);
  if (isFrozen(config.model.backbone)) await checkModel(config);
  await engineOf(config).check();
}

function checkSource(path: string, what: string, format: Config['ingest']['format']): void {
  refuseUnreadable(path, what);
  readerFor(path, format); // says in its own words what is expected there
}

async function checkModel(config: Config): Promise<void> {
  const model = frozenModel(config);
  const network = await openOnnxModel(model.file, config);
  try {
    assertSide(model, network.side, config.ingest.size);
  } finally {
    await network.dispose();
  }
}
