// Checks on answers: each is counted as passed or failed; a failed check makes no error of the request.

import type { StepCheck } from '../../model/scenario.ts'
import { type Answer, atPath, headerOf } from './extract.ts'
import type { Random } from './random.ts'

export function checkName(check: StepCheck, step: string): string {
  if (check.name !== undefined) return check.name
  const asked = [
    check.status === undefined ? null : `status ${check.status}`,
    check.json === undefined
      ? null
      : check.equals === undefined
        ? `has ${check.json}`
        : `${check.json} is ${JSON.stringify(check.equals)}`,
    check.contains === undefined ? null : `contains ${JSON.stringify(check.contains)}`,
    check.header === undefined ? null : `has header ${check.header}`,
  ].filter((each) => each !== null)
  return `${step}: ${asked.join(', ') || 'answered'}`
}

/** Only the status can be told without the body. */
export function needsBody(check: StepCheck): boolean {
  return check.json !== undefined || check.contains !== undefined
}

export function passes(check: StepCheck, answer: Answer, random: Random): boolean {
  if (check.status !== undefined && answer.status !== check.status) return false
  if (check.header !== undefined && headerOf(answer, check.header) === undefined) return false
  if (check.contains !== undefined && !answer.text().includes(check.contains)) return false
  if (check.json !== undefined) {
    const found = atPath(answer.json(), check.json, random)
    return check.equals === undefined ? found !== undefined : found === check.equals
  }
  return true
}
