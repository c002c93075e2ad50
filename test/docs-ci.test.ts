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
const tiny = { align: 'none', size: 16, backbone: 'plain-4', epochs: 24, batchSize: 8, seed: 1 };

const ran = new Set<string>();

/** Tests fetch nothing: a tiny network takes the place of the pretrained model. */
const withoutModel = (script: string): string =>
  script.replace(/^.*model pull mobilefacenet.*$/gm, '').replaceAll(' --backbone pretrained:mobilefacenet', '');

/** Runs a script of docs/ci.md as a machine would on which facesieve is installed, less the lines that ran before. */
function shell(script: string): { status: number | null; stdout: string; stderr: string } {
  const fresh = withoutModel(script)
    .split('\n')
    .filter((line) => !ran.has(line.replace(/^npx /, '')));
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

interface Step {
  run?: string;
  uses?: string;
  if?: string;
  env?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { required: boolean; default?: string }>;
  runs: { steps: Step[] };
}

describe('action.yml', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
  const steps = action.runs.steps.filter(({ run, env }) => run !== undefined && env?.FACESIEVE !== undefined);

  /** Its steps as a runner would start them, in the order in which they stand. */
  function act(inputs: Record<string, string>): { status: number | null; stdout: string; stderr: string }[] {
    const given = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']));
    const filled = (text: string): string =>
      text
        .replaceAll('${{ github.action_path }}', root)
        .replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, name: string) => ({ ...given, ...inputs })[name]);
    const wanted = steps.filter((step) => step.if === undefined || (inputs.source ?? '') !== '');
    return wanted.map(({ run, env }) => {
      const variables = Object.fromEntries(Object.entries(env!).map(([name, value]) => [name, filled(value)]));
      const output = { GITHUB_STEP_SUMMARY: join(folder, 'short.md'), GITHUB_OUTPUT: join(folder, 'outputs') };
      const settings = { NODE_ENV: 'production', FACESIEVE_CONFIG: join(folder, 'tiny.json') };
      return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run!], {
        ...{ cwd: folder, encoding: 'utf8' },
        env: { ...process.env, ...settings, ...output, ...variables },
      });
    });
  }

  it('runs, judges, and leaves SARIF and the summary', () => {
    const ended = act({
      source: 'crawl',
      out: 'short',
      backbone: 'plain-4',
      rules: 'rules.yaml',
      workspace: 'short-ws',
    });
    for (const { status, stderr } of ended) expect(status, stderr).toBe(0);
    expect(readFileSync(join(folder, 'short.md'), 'utf8')).toContain('| pass | `noise-rate` |');
    expect(JSON.parse(readFileSync(join(folder, 'facesieve.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(readFileSync(join(folder, 'outputs'), 'utf8')).toBe('sarif=facesieve.sarif\n');
  });

  it('fails by its last step alone, when a rule is broken', () => {
    writeFiles(folder, { 'strict.yaml': 'rules:\n  - id: identities\n    min: 50\n' });
    const ended = act({ rules: 'strict.yaml', workspace: 'short-ws' });
    expect(ended.map(({ status }) => status)).toEqual([0, 1]);
    expect(ended.at(-1)!.stdout).toContain('::error');
  });

  it('ends before the upload, with the reason, when the gate cannot be done', () => {
    const [report] = act({ rules: 'nowhere.yaml', workspace: 'short-ws' });
    expect(report.status).not.toBe(0);
    expect(report.stderr).toContain('There is no rules file "nowhere.yaml"');
  });

  it('is called by docs/ci.md with inputs that it has', () => {
    const workflow = parse(fileIn('ci.md', '.github/workflows/faces-short.yaml')) as {
      jobs: { gate: { steps: { uses: string; with?: Record<string, string> }[] } };
    };
    const inputs = workflow.jobs.gate.steps.find(({ uses }) => uses === './facesieve')!.with!;
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });
});

describe.skipIf(!published)('by the schemas that GitHub and GitLab publish', () => {
  it('the workflows, the action and the pipeline are ones', () => {
    const workflows = ['.github/workflows/faces.yaml', '.github/workflows/faces-short.yaml'];
    const pipeline = '.gitlab-ci.yml';
    for (const file of [...workflows, pipeline]) writeFiles(folder, { [file]: fileIn('ci.md', file) });
    for (const workflow of workflows) expectValidYaml(join(folder, workflow), 'vendor.github-workflows');
    expectValidYaml(join(folder, pipeline), 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci');
    expectValidYaml(join(root, 'action.yml'), 'vendor.github-actions');
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
