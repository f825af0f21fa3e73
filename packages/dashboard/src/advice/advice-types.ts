// The parts of an advice by their own names.

import type { AdviceWire, IndexEffectWire } from 'pgsteward/wire'

export type AdviceReport = NonNullable<AdviceWire['report']>
export type AdvisedIndex = AdviceReport['indexes'][number]
export type ServedStatement = AdvisedIndex['statements'][number]
export type RedundantIndex = AdviceReport['redundant'][number]
export type Verdict = IndexEffectWire['verdict']
export type StatementEffect = IndexEffectWire['statements'][number]
