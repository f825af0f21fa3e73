// The recorder that the patched drivers and the hosts' middleware feed. One a process; null until startInstrument, and after stop.

import type { Recorder } from './record/recorder.ts'

let current: Recorder | null = null

export function setRecorder(recorder: Recorder | null): void {
  current = recorder
}

export function getRecorder(): Recorder | null {
  return current
}
