import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export const chromiumPath = process.env.FACESIEVE_CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser to test with; undefined when there is one. */
export const noChromium = existsSync(chromiumPath)
  ? undefined
  : `there is no ${chromiumPath}: install Chromium, or name one in FACESIEVE_CHROMIUM`;

const runs = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
export const hasXmllint = runs('xmllint');
export const hasPython = runs('python3');

/** Set by .ci/run, and where somebody wants the tests that fetch the pretrained model. */
export const mayPull = process.env.FACESIEVE_PULL === '1';

/** Set by .ci/run where Debian's Slurm could be installed. The cluster needs root. */
export const hasSlurm =
  process.env.FACESIEVE_SLURM === '1' && existsSync('/usr/sbin/slurmctld') && existsSync('/usr/sbin/munged');

/** Global setup of vitest: says in one line which tests this machine skips. */
export default function tellSkipped(): void {
  const skipped = [
    ...(noChromium ? [`pages (${noChromium})`] : []),
    ...(hasXmllint ? [] : ['XML schemas (there is no xmllint)']),
    ...(hasPython ? [] : ['pickles (there is no python3)']),
    ...(hasSlurm ? [] : ['Slurm (FACESIEVE_SLURM=1 runs one, where slurm-wlm and munge are installed)']),
    ...(mayPull ? [] : ['the pulled model (FACESIEVE_PULL=1 fetches it)']),
  ];
  process.stdout.write(
    `Skipped here: ${[...skipped, "what needs others' libraries, which .ci/run asks"].join('; ')}.\n`,
  );
}
