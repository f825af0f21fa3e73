// A recorder that the hosts feed while a test runs.

import { setRecorder } from '../src/current-recorder.ts'
import type { InstrumentOptions } from '../src/options.ts'
import { Recorder } from '../src/record/recorder.ts'
import { resolveOptions } from '../src/resolve-options.ts'

export function startRecording(options: InstrumentOptions = {}): Recorder {
  const recorder = new Recorder(resolveOptions(options, {}).options)
  setRecorder(recorder)
  return recorder
}

export function stopRecording(): void {
  setRecorder(null)
}
