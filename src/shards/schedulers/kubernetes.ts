import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { visibleText } from '../../core/text/visible-text.js';
import type { PlannedStep } from '../plan.js';
import type { Schedule, Scheduler } from '../scheduler.js';

const CONTAINER = 'facesieve';
/** Tasks at the same time. */
const PARALLEL = 16;

/** An Indexed Job: the task's number is JOB_COMPLETION_INDEX. */
function jobOf({ plan, exchange, threads }: Schedule, { name, tasks, writes }: PlannedStep): object {
  const isLast = writes === 'workspace';
  const command =
    `exec facesieve shard run ${name} "$JOB_COMPLETION_INDEX/${tasks}" --exchange "$EXCHANGE"` +
    (isLast ? ' --workspace /workspace/facesieve' : ' --scratch /scratch');
  const memory = isLast ? '8Gi' : '4Gi';
  const source = plan.ingest.source;
  const claims = {
    exchange: { mountPath: exchange, claim: 'facesieve-exchange' },
    source: { mountPath: dirname(source), claim: 'facesieve-source', readOnly: true },
    ...(isLast && { workspace: { mountPath: '/workspace', claim: 'facesieve-workspace' } }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `facesieve-${plan.fingerprint}-${name}` },
    spec: {
      completionMode: 'Indexed',
      completions: tasks,
      parallelism: Math.min(tasks, PARALLEL),
      backoffLimitPerIndex: 3,
      maxFailedIndexes: 0,
      podFailurePolicy: {
        rules: [
          { action: 'FailIndex', onExitCodes: { containerName: CONTAINER, operator: 'In', values: [64] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: CONTAINER,
              image: `facesieve:${plan.version}`,
              command: ['sh', '-c', command],
              workingDir: plan.folder,
              env: [{ name: 'EXCHANGE', value: exchange }],
              resources: { requests: { cpu: String(threads), memory }, limits: { memory } },
              volumeMounts: [
                ...Object.entries(claims).map(([volume, { claim: _, ...mount }]) => ({ name: volume, ...mount })),
                { name: 'scratch', mountPath: '/scratch' },
              ],
            },
          ],
          volumes: [
            ...Object.entries(claims).map(([volume, { claim }]) => ({
              name: volume,
              persistentVolumeClaim: { claimName: claim },
            })),
            { name: 'scratch', emptyDir: {} },
          ],
        },
      },
    },
  };
}

const heading = (schedule: Schedule, file: string): string =>
  [
    'Written by `facesieve shard plan --for kubernetes`: one Indexed Job a step. Change image, claims and resources. Apply them in',
    'the order of their numbers, and wait for each:',
    `  kubectl apply -f ${file} && kubectl wait --for=condition=complete --timeout=-1s -f ${file}`,
    `facesieve-exchange must be ReadWriteMany; the paths in the containers are those of the plan: ${visibleText(schedule.exchange)}.`,
    'facesieve-workspace is for one node: a block device (ReadWriteOnce), no network file system.',
  ]
    .map((line) => `# ${line}\n`)
    .join('');

export const kubernetes: Scheduler = {
  name: 'kubernetes',
  files: (schedule) =>
    Object.fromEntries(
      schedule.plan.steps.map((step, i) => {
        const file = `${i + 1}-${step.name}.yaml`;
        return [file, `${heading(schedule, file)}${stringify(jobOf(schedule, step))}`];
      }),
    ),
};
