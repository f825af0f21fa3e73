// The list of everything read from a target, in the order of collection: fast-moving counters first.

import type { PgFact } from '../model/fact.ts'
import { extensions } from './extensions.ts'
import { indexes } from './indexes.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { settingOverrides } from './setting-overrides.ts'
import { settings } from './settings.ts'
import { statements } from './statements.ts'

export const ALL_FACTS: readonly PgFact[] = [
  statements,
  indexes,
  settings,
  settingOverrides,
  extensions,
  preparedTransactions,
]
