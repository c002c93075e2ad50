import { shellWord } from '../../core/text/visible-text.js';
import type { PlannedStep } from '../plan.js';
import type { Schedule, Scheduler } from '../scheduler.js';

const submitScript = ({ plan, exchange, workspace, threads }: Schedule): string => `#!/bin/bash
# Written by \`facesieve shard plan --for slurm\`; change what your cluster needs. Submit it again after a failure, or after a
# part was deleted: tasks that are done end at once. Prints the number of the last job.
set -euo pipefail
shopt -s inherit_errexit
export EXCHANGE=${shellWord(exchange)}
# A folder on a disk of the node that runs the last step. Name that node for it: LAST='--nodelist=NODE'
export WORKSPACE=\${WORKSPACE:-${shellWord(workspace ?? `/tmp/facesieve-${plan.fingerprint}`)}}
# Options of sbatch: of every task, and of the last step alone. The number of threads is the plan's.
COMMON=\${COMMON:-'--cpus-per-task=${threads} --mem=4G'}
LAST=\${LAST:-'--mem=8G'}

limit=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 }')
limit=\${limit:-1001}
mkdir -p "$EXCHANGE/logs"

# submit STEP TASKS WAITS-FOR OPTIONS...: arrays as long as the cluster takes; prints the jobs, with colons between.
submit() {
  local step=$1 tasks=$2 after=$3 jobs= from size job
  shift 3
  for ((from = 0; from < tasks; from += limit)); do
    size=$((tasks - from < limit ? tasks - from : limit))
    job=$(STEP=$step OF=$tasks FROM=$from sbatch --parsable --export=ALL --job-name="facesieve-$step" --array="0-$((size - 1))" \\
      --output="$EXCHANGE/logs/$step-%A-%a.log" \${after:+--dependency="afterok:$after"} --kill-on-invalid-dep=yes \\
      $COMMON "$@" "$EXCHANGE/step.sh")
    jobs=\${jobs:+$jobs:}\${job%%;*}
  done
  echo "$jobs"
}

jobs=
${plan.steps.map(submitLine).join('\n')}
echo "$jobs"
`;

/** Maps wait for every task of the steps before: features are cut at whole batches of the whole set. */
const submitLine = ({ name, tasks, writes }: PlannedStep): string =>
  `jobs=$(submit ${name} ${tasks} "$jobs"${writes === 'workspace' ? ' $LAST' : ''})`;

const stepScript = ({ program }: Schedule): string => `#!/bin/bash
#SBATCH --requeue
#SBATCH --open-mode=append
# Written by \`facesieve shard plan --for slurm\`: one task of one step. When the program dies it is tried again here, at once;
# when the node dies, Slurm puts the task back by itself. What was finished is not done again.
program=(${program.map(shellWord).join(' ')})
task=$((FROM + SLURM_ARRAY_TASK_ID))/$OF
for attempt in 1 2 3; do
  "\${program[@]}" shard run "$STEP" "$task" --exchange "$EXCHANGE" --workspace "$WORKSPACE" \${SCRATCH:+--scratch "$SCRATCH"}
  code=$?
  [ $code -eq 0 ] && exit 0
  echo "attempt $attempt of $STEP $task on $(hostname) ended with $code" >&2
  [ $code -eq 64 ] && exit 64 # trying again changes nothing
  [ $code -eq 75 ] && sleep \${PAUSE:-20}
done
exit $code
`;

/** Arrays with dependencies: a step begins when all tasks of the step before have succeeded. */
export const slurm: Scheduler = {
  name: 'slurm',
  files: (schedule) => ({ 'submit.sh': submitScript(schedule), 'step.sh': stepScript(schedule) }),
};
