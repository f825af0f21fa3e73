// An error as a person reads it: what happened, why, what to do.

import { StewardError } from '../model/error.ts'
import { paint } from './paint.ts'

export function renderError(error: unknown, isColoured: boolean): string {
  const { bold, red, dim } = paint(isColoured)
  if (error instanceof StewardError) {
    const lines = [`${red(bold('error'))}: ${error.message}`]
    if (error.detail !== undefined && error.detail !== error.message)
      lines.push(...indented(error.detail, dim))
    if (error.hint !== undefined) lines.push(...indented(error.hint, (text) => text))
    return `${lines.join('\n')}\n`
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${red(bold('error'))}: this is a bug in pgsteward; please report it with what follows\n${stack}\n`
}

function indented(text: string, style: (text: string) => string): string[] {
  return text.split('\n').map((line) => `       ${style(line)}`)
}
