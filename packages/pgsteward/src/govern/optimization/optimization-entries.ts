// What each entry of an optimization record holds.

import { z } from 'zod'
import {
  analysedWire,
  causeFoundWire,
  deployedWire,
  identifiedWire,
  implementedWire,
  measuredWire,
  type OptimizationStep,
} from '../../model/optimization-wire.ts'

const because = z.object({ because: z.string() })

export const OPTIMIZATION_ENTRIES = {
  identified: identifiedWire,
  analysed: analysedWire,
  'cause-found': causeFoundWire,
  implemented: implementedWire,
  deployed: deployedWire,
  measured: measuredWire,
  documented: z.object({ text: z.string() }),
  amended: z.object({ text: z.string() }),
  /** Rejected, or failed for good: nothing was changed. */
  abandoned: because,
  'taken-back': because.extend({ jobId: z.string().nullable() }),
} as const
export type OptimizationAction = keyof typeof OPTIMIZATION_ENTRIES
export type OptimizationBody<A extends OptimizationAction> = z.output<(typeof OPTIMIZATION_ENTRIES)[A]>

/** The step that an action completes. */
export const STEP_OF = {
  identified: 'identify',
  analysed: 'analyse',
  'cause-found': 'root-cause',
  implemented: 'implement',
  deployed: 'deploy',
  measured: 'measure',
  documented: 'document',
} as const satisfies Partial<Record<OptimizationAction, OptimizationStep>>
