/** What is known of a command: its id, words separated by spaces, and the names of its flags. */
export interface KnownCommand {
  id: string;
  flags: readonly string[];
}

/** A flag in a sentence: `--out`, not the dashes of `--force-source` twice. */
const FLAG = /(?<![\w-])--([a-z][a-z-]*)/g;

/** Commands that know no workspace. */
const WITHOUT_WORKSPACE = /^facesieve (model|demo|doctor|verify|inject)\b/;

/** Whether `text` is a command of ours and nothing else, and one that would look for a workspace. */
const isCommand = (text: string, known: readonly KnownCommand[]): boolean =>
  known.some(({ id }) => text === `facesieve ${id}` || text.startsWith(`facesieve ${id} `)) &&
  !WITHOUT_WORKSPACE.test(text) &&
  !/[;,.(]( |$)|--workspace|-w /.test(text);

/**
 * A suggestion as `command` can say it. One that names a flag which the command does not have, and no other command, says
 * whose flag it is. @param option `-w DIR`, which a command that can be pasted needs
 */
export function fitAdvice(suggestion: string, command: string, known: readonly KnownCommand[], option = ''): string {
  if (isCommand(suggestion, known)) return `${suggestion}${option}`;
  const flagsOf = (id: string): readonly string[] => known.find((one) => one.id === id)?.flags ?? [];
  if (/\bfacesieve [a-z]/.test(suggestion) || flagsOf(command).length === 0) return suggestion;
  const named = [...suggestion.matchAll(FLAG)].map((match) => match[1]);
  const foreign = named.filter((flag) => !flagsOf(command).includes(flag.replace(/^no-/, '')));
  const owners = foreign.map((flag) => known.filter(({ flags }) => flags.includes(flag)).map(({ id }) => id));
  if (owners.length === 0 || owners.some(({ length }) => length === 0)) return suggestion;
  const common = owners.reduce((a, b) => a.filter((id) => b.includes(id)));
  const where = common.length > 0 ? common.slice(0, 3).map((id) => `facesieve ${id}`) : [];
  return where.length === 0 ? suggestion : `${suggestion} (a flag of ${where.join(', ')})`;
}
