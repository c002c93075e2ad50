import type { Hook } from '@oclif/core';
import { FacesieveError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { errorReport, errorText, exitCodes } from './exit-codes.js';

/** A mistyped command is a usage error with the nearest known one, in JSON when asked for; nothing is prompted. */
const hook: Hook.CommandNotFound = async function ({ id, argv, config }) {
  const words = id.replaceAll(':', ' ');
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => command.id.replaceAll(':', ' '));
  const suggestions = [...suggestName(words, known), 'facesieve --help lists the commands.'];
  const error = new FacesieveError(`"${words}" is not a command.`, suggestions);
  if (argv?.includes('--json')) process.stdout.write(`${JSON.stringify(errorReport(error), null, 2)}\n`);
  else process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = exitCodes.usage;
};

export default hook;
