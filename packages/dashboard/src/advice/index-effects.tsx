// Did it help? Indexes that appeared, each with what was measured before and after.

import type { IndexEffectWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { Sheet } from '../sheet.tsx'
import { DataTable, type Opens } from '../table/data-table.tsx'
import { setParams, useAddress } from '../use-address.ts'
import { effectColumns, effectKey } from './effect-columns.tsx'
import { EffectView } from './effect-view.tsx'

export function IndexEffects(props: { readonly effects: readonly IndexEffectWire[] }): ReactNode {
  const { effects } = props
  const { params } = useAddress()
  const wanted = params.get('effect')
  const open = wanted === null ? undefined : effects.find((effect) => effectKey(effect) === wanted)
  const opens = useMemo<Opens<IndexEffectWire>>(
    () => ({ kind: 'sheet', open: (effect) => setParams({ effect: effectKey(effect) }, 'push') }),
    [],
  )
  return (
    <section className="advice-part">
      <h2>Measured effects</h2>
      {effects.length === 0 ? (
        <p className="empty">
          When a new index appears, its statements are compared here before and after: calls, time and blocks,
          beside what was predicted.
        </p>
      ) : (
        <DataTable
          label="Measured effects"
          columns={effectColumns}
          rows={effects}
          keyOf={effectKey}
          opens={opens}
        />
      )}
      {open === undefined ? null : (
        <Sheet title={open.index} onClose={() => setParams({ effect: null })}>
          <EffectView effect={open} />
        </Sheet>
      )}
    </section>
  )
}
