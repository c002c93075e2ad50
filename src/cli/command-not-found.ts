import type { Hook } from '@oclif/core';
import { FacesieveError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { jsonText } from '../core/text/visible-text.js';
import { errorReport, errorText, exitCodes } from './exit-codes.js';

/** A mistyped command is a usage error with the nearest known one, in JSON when asked for; nothing is prompted. */
const hook: Hook.CommandNotFound = async function ({ id, argv, config }) {
  const words = id.replaceAll(':', ' ');
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => command.id.replaceAll(':', ' '));
  const beginnings = words.split(' ').map((_, i, all) => all.slice(0, i + 1).join(' ')); // arguments may follow the command
  const nearest = [...new Set(beginnings.flatMap((beginning) => suggestName(beginning, known)))];
  const suggestions = [...nearest, 'facesieve --help lists the commands.'];
  const error = new FacesieveError(`"${words}" is not a command.`, suggestions);
  if (argv?.includes('--json')) process.stdout.write(jsonText(errorReport(error)));
  else process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = exitCodes.usage;
};

export default hook;
