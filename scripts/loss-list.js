import { losses } from '../dist/losses/losses.js';

const START = '<!-- made by npm run losses -->';
const END = '<!-- end of what npm run losses makes -->';

const setting = ([name, schema]) => {
  const value = schema.safeParse(undefined).data;
  return value === undefined ? `${name}` : `${name} = ${JSON.stringify(value)}`;
};

const kebab = (name) => `\`src/losses/${name}.ts\``;

/** The table of docs/losses.md, from the registry. */
export const lossTable = () =>
  [
    '| loss | file | paper, equation | settings and defaults | cost of a step | sub-centres |',
    '|---|---|---|---|---|---|',
    ...losses.map(({ name, reference, cost, settings, noSubcenters }) => {
      const all = Object.entries(settings.shape).map(setting).join(', ');
      return `| \`${name}\` | ${kebab(name)} | ${reference} | ${all} | ${cost} | ${noSubcenters ? `no: ${noSubcenters}` : 'yes'} |`;
    }),
  ].join('\n');

/** `page` with its table made anew. */
export function withLossTable(page) {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/losses.md must hold the lines "${START}" and "${END}".`);
  return `${before}${START}\n\n${lossTable()}\n\n${END}${after}`;
}
