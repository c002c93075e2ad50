import { z } from 'zod';
import { loadCommands } from './load-commands.js';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const sentence = (text) => (text ? text.replaceAll('<%= config.bin %>', 'facesieve') : '');
const isGlobal = ({ helpGroup }) => helpGroup === 'GLOBAL';

function flagName(name, flag) {
  const long = flag.allowNo ? `--[no-]${name}` : `--${name}`;
  return `\`${flag.char ? `-${flag.char}, ` : ''}${long}${flag.type === 'boolean' ? '' : ` ${valueName(flag)}`}\``;
}

const valueName = ({ helpValue = 'VALUE', multiple }) => `${helpValue}${multiple ? '...' : ''}`;

function flagText(flag) {
  const { summary, description, options, env, required } = flag;
  const fallback = ['string', 'number'].includes(typeof flag.default) ? `default \`${flag.default}\`` : '';
  const more = [
    options && `one of ${options.map((option) => `\`${option}\``).join(', ')}`,
    fallback,
    env && `or \`${env}\``,
  ];
  const facts = more.filter(Boolean).join('; ');
  return `${required ? '**needed.** ' : ''}${sentence(summary ?? description)}${facts ? ` (${facts})` : ''}`;
}

const flagTable = (flags) =>
  flags.length === 0
    ? []
    : [
        '| flag | what it does |',
        '|---|---|',
        ...flags.map(([name, flag]) => `| ${cell(flagName(name, flag))} | ${cell(flagText(flag))} |`),
        '',
      ];

const byName = ([a], [b]) => (a < b ? -1 : 1);

function resultLine(id, resultSchema) {
  const { properties } = z.toJSONSchema(resultSchema);
  const names = Object.keys(properties ?? {}).map((name) => `\`${name}\``);
  return `\`--json\`: ${names.join(', ')} ([schema](../schemas/${id.replaceAll(' ', '-')}.json))`;
}

function section(id, command) {
  const args = Object.entries(command.args ?? {});
  const usage = args.map(([name, { required }]) => (required ? name.toUpperCase() : `[${name.toUpperCase()}]`));
  const own = Object.entries(command.flags ?? {}).filter(([, flag]) => !isGlobal(flag) && !flag.hidden);
  return [
    `## ${[id, ...usage].join(' ')}`,
    '',
    [sentence(command.summary), sentence(command.description)].filter(Boolean).join(' '),
    '',
    ...args.map(([name, { description }]) => `- \`${name.toUpperCase()}\`: ${description}`),
    ...(args.length > 0 ? [''] : []),
    ...flagTable(own.sort(byName)),
    ...command.examples.map(
      (example) => `    ${example.replace('<%= config.bin %>', 'facesieve').replace('<%= command.id %>', id)}`,
    ),
    '',
    resultLine(id, command.resultSchema),
    '',
  ];
}

/** docs/commands.md, from the commands themselves. */
export async function commandPage() {
  const commands = await loadCommands();
  const [first] = Object.values(commands);
  return [
    '# Commands',
    '',
    'Made by `npm run commands`. Exit codes: 0 done, 1 gate failed or set differs, 2 could not do it, 64 wrong usage, 130 interrupted.',
    'Results go to stdout, progress and notes to stderr.',
    '',
    'Every command takes these:',
    '',
    ...flagTable(
      [...Object.entries(first.baseFlags), ['json', { type: 'boolean', summary: 'Print the result as JSON.' }]].sort(
        byName,
      ),
    ),
    ...Object.entries(commands).flatMap(([id, command]) => section(id, command)),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
