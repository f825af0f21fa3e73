// Figures of checkpoints and restartpoints: what was written, and how long each part took.

import type { LogEntry, LogFigures } from '../../model/log-event.ts'
import { numbersIn } from './figures.ts'

const PATTERNS = [
  ['buffers', /wrote (\d+) buffers/],
  ['buffersRatio', /wrote \d+ buffers \(([\d.]+)%\)/, 0.01],
  ['slruBuffers', /wrote (\d+) SLRU buffers/],
  ['walAdded', /(\d+) WAL file\(s\) added/],
  ['walRemoved', /added, (\d+) removed/],
  ['walRecycled', /removed, (\d+) recycled/],
  ['writeMs', /write=([\d.]+) s/, 1000],
  ['syncMs', /sync=([\d.]+) s/, 1000],
  ['totalMs', /total=([\d.]+) s/, 1000],
  ['syncFiles', /sync files=(\d+)/],
  ['longestSyncMs', /longest=([\d.]+) s/, 1000],
  ['distanceBytes', /distance=(\d+) kB/, 1024],
  ['estimateBytes', /estimate=(\d+) kB/, 1024],
] as const

export function checkpointFigures({ message }: LogEntry): LogFigures {
  return numbersIn(message, PATTERNS)
}
