// What is wrong with a scenario: where, by its path in the data, and what was expected.

import type { Path } from './place-in-source.ts'

export interface Mistake {
  readonly path: Path
  readonly message: string
}

/** `flows.0.steps.2.path` reads as `flows[0].steps[2].path`. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text === '' ? '' : '.'}${String(step)}`,
    '',
  )
}

/** `; did you mean memberId?` */
export function meant(nearest: string | null): string {
  return nearest === null ? '' : `; did you mean ${nearest}?`
}
