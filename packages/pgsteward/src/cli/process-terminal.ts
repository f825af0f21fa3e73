// The real terminal: colours and progress only where a person looks.

import { once } from 'node:events'
import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from './command.ts'

/** Honours NO_COLOR and FORCE_COLOR (no-color.org). */
export function processTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isColoured = env.NO_COLOR
    ? false
    : env.FORCE_COLOR
      ? true
      : stdout.isTTY === true && env.TERM !== 'dumb'
  let hasProgress = false
  let isFull = false
  const clear = () => {
    if (hasProgress) stderr.write('\r\u001b[K')
    hasProgress = false
  }
  return {
    out: (text) => {
      clear()
      isFull = !stdout.write(text)
    },
    drained: async () => {
      if (!isFull) return
      await once(stdout, 'drain')
      isFull = false
    },
    note: (text) => {
      clear()
      stderr.write(text)
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return
      clear()
      const width = (stderr as WriteStream).columns ?? 80
      stderr.write(stripVTControlCharacters(text).slice(0, width - 1))
      hasProgress = true
    },
    isColoured,
    width: Math.min(stdout.columns ?? 100, 120),
  }
}
