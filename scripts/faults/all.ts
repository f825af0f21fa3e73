// The faults, in the order of the table.

import { clockJumps } from './clock-jumps.ts'
import { diskFull } from './disk-full.ts'
import { failover } from './failover.ts'
import type { Fault } from './fault.ts'
import { halfOpen } from './half-open.ts'
import { hostile } from './hostile.ts'
import { kill9 } from './kill-9.ts'
import { longTexts } from './long-texts.ts'
import { manyTables } from './many-tables.ts'
import { permissions } from './permissions.ts'
import { resets } from './resets.ts'
import { storeDown } from './store-down.ts'
import { targetDown } from './target-down.ts'

export const ALL_FAULTS: readonly Fault[] = [
  kill9,
  diskFull,
  storeDown,
  targetDown,
  halfOpen,
  failover,
  clockJumps,
  resets,
  permissions,
  hostile,
  longTexts,
  manyTables,
]
