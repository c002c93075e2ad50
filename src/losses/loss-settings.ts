import type { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import type { Loss, LossTerms } from './loss.js';
import { lossNamed } from './losses.js';

interface LossConfig {
  loss: string;
  lossSettings: Record<string, unknown>;
}

/** All settings of a config's loss, those left out by default. @throws ConfigError for a loss or setting there is not */
export const settingsOf = ({ loss, lossSettings }: LossConfig): Record<string, unknown> =>
  parseSettings(lossNamed(loss), lossSettings);

/** `loss` under `given` settings. @throws ConfigError naming the fault, or the nearest setting there is */
export const openLoss = (loss: Loss, given: Record<string, unknown>): LossTerms =>
  loss.make(parseSettings(loss, given));

function parseSettings(loss: Loss, given: Record<string, unknown>): Record<string, unknown> {
  const parsed = loss.settings.safeParse(given);
  if (parsed.success) return parsed.data;
  throw settingsErrorOf(loss, parsed.error);
}

function settingsErrorOf(loss: Loss, { issues: [issue] }: z.ZodError): ConfigError {
  const names = Object.keys(loss.settings.shape);
  if (issue.code !== 'unrecognized_keys')
    return new ConfigError(`Setting "lossSettings.${issue.path.join('.')}" of ${loss.name}: ${issue.message}.`);
  const [key] = issue.keys;
  return new ConfigError(
    `"${key}" is not a setting of the loss ${loss.name}, which has ${names.join(', ')}.`,
    suggestName(key, names),
  );
}
