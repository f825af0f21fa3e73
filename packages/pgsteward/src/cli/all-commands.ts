// The list of commands, in the order of the help.

import type { AnyCommand } from './command.ts'
import { check } from './commands/check.ts'
import { checks } from './commands/checks.ts'
import { doctor } from './commands/doctor.ts'

export const ALL_COMMANDS: readonly AnyCommand[] = [check, doctor, checks]
