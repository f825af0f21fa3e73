// The list of commands, in the order of the help.

import type { AnyCommand } from './command.ts'
import { advise } from './commands/advise.ts'
import { check } from './commands/check.ts'
import { checks } from './commands/checks.ts'
import { config } from './commands/config.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { findings } from './commands/findings.ts'
import { logs } from './commands/logs.ts'
import { migrate } from './commands/migrate.ts'
import { planCheck } from './commands/plan-check.ts'
import { plans } from './commands/plans.ts'
import { review } from './commands/review.ts'
import { stats } from './commands/stats.ts'
import { twin } from './commands/twin.ts'
import { verify } from './commands/verify.ts'
import { watch } from './commands/watch.ts'
import { workload } from './commands/workload.ts'

export const ALL_COMMANDS: readonly AnyCommand[] = [
  demo,
  watch,
  check,
  advise,
  verify,
  review,
  planCheck,
  plans,
  doctor,
  twin,
  stats,
  workload,
  findings,
  logs,
  checks,
  config,
  migrate,
]
