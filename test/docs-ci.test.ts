import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { gateRules } from '../src/gate/rules.js';
import { codeBlocks } from './helpers/doc-examples.js';
import { portraitOf } from './helpers/drawn-portrait.js';
import { expectValidYaml, published } from './helpers/schemas.js';
import { longLivedFolder, writeFiles } from './helpers/tiny-crawl.js';

const root = join(import.meta.dirname, '..');
const read = (page: string): string => readFileSync(join(root, 'docs', page), 'utf8');
const blocks = codeBlocks(read('ci.md'));
/** The block of `page` whose first line names `file`. */
const fileIn = (page: string, file: string): string =>
  codeBlocks(read(page)).find(({ text }) => text.startsWith(`# ${file}\n`))!.text;

const folder = longLivedFolder();
const tiny = { align: 'none', size: 16, backbone: 'plain-4', epochs: 4, batchSize: 8, seed: 1 };

const ran = new Set<string>();

/** Runs a script of docs/ci.md as a machine would on which facesieve is installed, less the lines that ran before. */
function shell(script: string): { status: number | null; stdout: string; stderr: string } {
  const fresh = script.split('\n').filter((line) => !ran.has(line.replace(/^npx /, '')));
  for (const line of fresh) ran.add(line.replace(/^npx /, ''));
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    FACESIEVE_CONFIG: join(folder, 'tiny.json'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  };
  return spawnSync('bash', ['-eo', 'pipefail', '-c', fresh.join('\n')], { cwd: folder, env, encoding: 'utf8' });
}

interface Workflow {
  jobs: { gate: { steps: { run?: string }[] } };
}
interface Pipeline {
  faces: { script: string[] };
}

beforeAll(async () => {
  for (const person of ['Ada', 'Bo', 'Cy', 'Di'])
    for (let take = 0; take < 8; take++)
      writeFiles(folder, { [`crawl/${person}/${take}.png`]: await portraitOf(person, take, 48) });
  writeFiles(folder, {
    'tiny.json': JSON.stringify(tiny),
    'rules.yaml': fileIn('ci.md', 'rules.yaml'),
    'bin/facesieve': `#!/bin/sh\nexec "${process.execPath}" "${resolve(root, 'bin/run.js')}" "$@"\n`,
    'bin/npx': '#!/bin/sh\nexec "$@"\n',
    'bin/npm': '#!/bin/sh\n',
  });
  spawnSync('chmod', ['+x', ...['facesieve', 'npx', 'npm'].map((name) => join(folder, 'bin', name))]);
});

describe('docs/ci.md', () => {
  it('by hand: every line does what is said', () => {
    const scripts = blocks.filter(({ info, text }) => info === '' && text.includes('facesieve '));
    expect(scripts.length).toBeGreaterThan(1);
    for (const { text } of scripts) {
      const { status, stdout, stderr } = shell(text);
      expect(status, `${stdout}\n${stderr}`).toBe(0);
    }
    expect(existsSync(join(folder, 'baseline.json'))).toBe(true);
  });

  it('on GitHub: the steps pass and leave what the others upload', () => {
    const workflow = parse(fileIn('ci.md', '.github/workflows/faces.yaml')) as Workflow;
    const outputs = workflow.jobs.gate.steps.flatMap(({ run }) => {
      if (run === undefined) return [];
      const { status, stdout, stderr } = shell(run);
      expect(status, `${run}\n${stderr}`).toBe(0);
      return [stdout];
    });
    expect(outputs.join('')).toContain('::notice title=facesieve gate::gate passed: 5 passed');
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('| pass | `drift` |');
    expect(JSON.parse(readFileSync(join(folder, 'gate.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  it('on GitLab: the script passes and leaves the report', () => {
    const pipeline = parse(fileIn('ci.md', '.gitlab-ci.yml')) as Pipeline;
    const { status, stderr } = shell(pipeline.faces.script.join('\n'));
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(folder, 'gate.xml'), 'utf8')).toContain('failures="0"');
  });
});

describe.skipIf(!published)('by the schemas that GitHub and GitLab publish', () => {
  it('the workflow and the pipeline are ones', () => {
    const [workflow, pipeline] = ['.github/workflows/faces.yaml', '.gitlab-ci.yml'];
    for (const file of [workflow, pipeline]) writeFiles(folder, { [file]: fileIn('ci.md', file) });
    expectValidYaml(join(folder, workflow), 'vendor.github-workflows');
    expectValidYaml(join(folder, pipeline), 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci');
  });
});

describe('docs/gate.md', () => {
  it('has a row for each rule, as the rule is', () => {
    const rows = read('gate.md')
      .split('\n')
      .filter((line) => /^\| `[a-z-]+` \|.*\| (share|count) \|$/.test(line));
    expect(rows).toEqual(
      gateRules.map(({ id, bounds, describe, unit }) => `| \`${id}\` | ${bounds.join(', ')} | ${describe} | ${unit} |`),
    );
  });

  it('shows rules that are ones', () => {
    expect(parse(fileIn('gate.md', 'rules.yaml'))).toMatchObject({ rules: expect.any(Array) });
  });
});
