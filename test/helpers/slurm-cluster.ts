import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A Slurm of several nodes on this machine: its daemons are children of the test, and end with it. */
export interface SlurmCluster {
  /** For programs of Slurm. */
  environment: NodeJS.ProcessEnv;
  /** Runs a program of Slurm to its end. @throws what it said, when it failed */
  run(program: string, ...args: string[]): string;
  /** As `run`; what failed says nothing. */
  attempt(program: string, ...args: string[]): string;
  /** Ends the daemon of a node, and all that runs on it, at once. */
  killNode(node: string): void;
  close(): void;
}

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

const configuration = (folder: string, nodes: readonly string[], [own, ...ports]: readonly number[]): string => `
ClusterName=loop
SlurmctldHost=${hostname().split('.')[0]}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
SlurmctldPort=${own}
SlurmdTimeout=10
KillWait=5
ReturnToService=2
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=1,sched_min_interval=100000
JobRequeue=1
AccountingStorageType=accounting_storage/none
MaxArraySize=5
${nodes.map((node, i) => `NodeName=${node} NodeHostname=${hostname().split('.')[0]} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=1 RealMemory=2000`).join('\n')}
PartitionName=cpu Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;

/** Starts munge, the controller and a daemon for each of `nodes` below `folder`, which is root's alone. */
export async function startSlurm(folder: string, nodes: readonly string[]): Promise<SlurmCluster> {
  for (const name of ['state', 'munge', ...nodes.map((node) => `spool/${node}`)])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  const file = join(folder, 'slurm.conf');
  const ports = await Promise.all([...nodes, 'controller'].map(freePort));
  writeFileSync(file, configuration(folder, nodes, ports));
  writeFileSync(join(folder, 'munge/key'), randomBytes(1024), { mode: 0o400 });
  chmodSync(folder, 0o755); // munge wants to be reached by all
  const environment = { ...process.env, SLURM_CONF: file };
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): ChildProcess => {
    const daemon = spawn(`/usr/sbin/${program}`, args, { env: environment, stdio: 'ignore' });
    daemons.push(daemon);
    return daemon;
  };
  const munge = [
    'key-file=munge/key',
    'socket=munge.socket',
    'pid-file=munged.pid',
    'log-file=munged.log',
    'seed-file=munge/seed',
  ];
  start('munged', '--foreground', '--force', ...munge.map((option) => `--${option.replace('=', `=${folder}/`)}`));
  start('slurmctld', '-D');
  const ofNode = new Map(nodes.map((node) => [node, start('slurmd', '-D', '-N', node)]));
  const ended = (program: string, args: string[]) => spawnSync(program, args, { encoding: 'utf8', env: environment });
  const run = (program: string, ...args: string[]): string => {
    const { status, stdout, stderr } = ended(program, args);
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  return {
    environment,
    run,
    attempt: (program, ...args) => ended(program, args).stdout,
    killNode(node) {
      ofNode.get(node)!.kill('SIGKILL');
      const work = processesOf(`SLURM_CONF=${file}`, `SLURMD_NODENAME=${node}`);
      for (const pid of new Set(work.map(parentOf))) if (/slurmstepd/.test(textOf(`/proc/${pid}/cmdline`))) killed(pid); // it would tell
      for (const pid of work) killed(pid);
    },
    close() {
      for (const pid of processesOf(`SLURM_CONF=${file}`, 'SLURM_JOB_ID=')) killed(pid);
      for (const daemon of daemons.reverse()) daemon.kill('SIGKILL');
    },
  };
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Processes whose environment, or whose command line, holds all of `words`. */
export function processesOf(...words: string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const text = ['environ', 'cmdline'].map((of) => textOf(`/proc/${pid}/${of}`)).join('\0');
      return words.every((word) => text.includes(word));
    })
    .map(Number);
}

/** Its line in /proc is `pid (name) state parent ...`. */
const parentOf = (pid: number): number => Number(/\) \S (\d+)/.exec(textOf(`/proc/${pid}/stat`))?.[1]);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
