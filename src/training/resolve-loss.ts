import type { Config } from '../core/config.js';
import { ConfigError } from '../core/errors.js';
import { openLoss } from '../losses/loss-settings.js';
import { lossNamed } from '../losses/losses.js';
import { subcentersBySize } from '../subcenter/subcenters-by-size.js';

/**
 * `config` with what the loss and the identities leave no choice about: K what identities of this size can feed, and 1
 * where the loss knows no sub-centres; the neck that the loss wants unless the config says otherwise.
 * @param labels (N) @throws ConfigError when settings do not go with the loss
 */
export function resolveLossConfig(config: Config, labels: Int32Array): Config {
  const loss = lossNamed(config.train.loss);
  const { imagesPerIdentity = 1, fixedCentres } = openLoss(loss, config.train.lossSettings);
  if (config.train.batchSize % imagesPerIdentity !== 0)
    throw new ConfigError(
      `The loss ${loss.name} draws ${imagesPerIdentity} images of an identity together, which do not divide a batch of ${config.train.batchSize}.`,
      [
        `Set train.batchSize to a multiple of ${imagesPerIdentity}, or train.lossSettings.imagesPerIdentity to a divisor of it.`,
      ],
    );
  if (fixedCentres && config.train.classShare < 1)
    throw new ConfigError(`The loss ${loss.name} has fixed centres: there is nothing to sample of them.`, [
      'Leave classShare at 1, or choose another loss: --loss cosface',
    ]);
  return {
    ...config,
    model: { ...config.model, neck: config.model.neck ?? loss.neck ?? false },
    train: { ...config.train, subcenters: subcentersOf(config.train, labels) },
  };
}

function subcentersOf({ loss: name, subcenters, imagesPerSubcenter }: Config['train'], labels: Int32Array): number {
  const { noSubcenters } = lossNamed(name);
  if (!noSubcenters) return subcentersBySize(labels, subcenters, imagesPerSubcenter);
  const askedFor = imagesPerSubcenter === 0; // otherwise K is ours to choose
  if (askedFor && subcenters > 1)
    throw new ConfigError(`The loss ${name} has no sub-centres: ${noSubcenters}.`, [
      `facesieve train --loss ${name} --subcenters 1`,
    ]);
  return 1;
}
