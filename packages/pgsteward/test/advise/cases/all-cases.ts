// The held-out cases, in the order of the report. The name is the folder's.

import type { AdviceCase } from './advice-case.ts'
import { learning } from './learning/learning.ts'
import { ledger } from './ledger/ledger.ts'
import { logistics } from './logistics/logistics.ts'
import { marketplace } from './marketplace/marketplace.ts'
import { telemetry } from './telemetry/telemetry.ts'

export const CASES: Readonly<Record<string, AdviceCase>> = {
  learning,
  telemetry,
  ledger,
  logistics,
  marketplace,
}
export const CASES_FOLDER: string = import.meta.dirname
