// A watched target as the API speaks of it: state, version, what it lacks, open findings by severity.

import type { TargetWire } from '../../model/wire.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import type { Store } from '../../store/store.ts'
import type { Watcher } from '../watcher.ts'
import { lacksOf } from './target-lacks.ts'

export async function targetView({ target, state }: Watcher, store: Store): Promise<TargetWire> {
  const open = await store.findings({ targetId: target.id, states: ['open'], limit: 1000 })
  const count = (severity: string) => open.filter((finding) => finding.severity === severity).length
  return {
    id: target.id,
    address: addressOf(target.url),
    labels: { ...target.labels },
    status: state.status,
    because: state.because,
    version: state.snapshot?.server.version ?? null,
    role: state.snapshot?.server.role ?? null,
    lastReadAt: state.lastReadAt?.toISOString() ?? null,
    lacks: [...lacksOf(state.snapshot, target.url)],
    findings: { critical: count('critical'), warning: count('warning'), info: count('info') },
  }
}
