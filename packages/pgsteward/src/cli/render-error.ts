// An error as a person reads it: what happened, why, what to do.

import { StewardError } from '../model/error.ts'
import { withoutControls } from '../report/without-controls.ts'
import { paint } from './paint.ts'

export function renderError(error: unknown, isColoured: boolean): string {
  const { bold, red, dim } = paint(isColoured)
  if (error instanceof StewardError) {
    // what a server said is in them
    const [message, detail, hint] = [error.message, error.detail, error.hint].map(
      (text) => text && withoutControls(text),
    )
    const lines = [`${red(bold('error'))}: ${message}`]
    if (detail !== undefined && detail !== message) lines.push(...indented(detail, dim))
    if (hint !== undefined) lines.push(...indented(hint, (text) => text))
    return `${lines.join('\n')}\n`
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${red(bold('error'))}: this is a bug in pgsteward; please report it with what follows\n${withoutControls(stack)}\n`
}

function indented(text: string, style: (text: string) => string): string[] {
  return text.split('\n').map((line) => `       ${style(line)}`)
}
