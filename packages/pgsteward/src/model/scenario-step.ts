// Telling steps apart and naming them: beside the schemas, so that a generating thread starts without loading those.

import type { PauseStep, RequestStep, Step } from './scenario.ts'

export function isRequest(step: Step): step is RequestStep {
  return 'path' in step
}

export function isPause(step: Step): step is PauseStep {
  return 'pause' in step
}

/** `GET /api/members/:memberId`, when the step has no name of its own. */
export function stepName({ name, method, path }: RequestStep): string {
  if (name !== undefined) return name
  return `${method} ${path.replace(/\?.*$/, '').replaceAll(/\{\{\s*([^}]*?)\s*\}\}/g, (_, inside: string) => `:${inside.split(/[ .]/).at(inside.startsWith('random') ? 0 : -1)}`)}`
}
