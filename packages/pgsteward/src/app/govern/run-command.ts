// A step's command, run as the user would in a shell.

import { spawn } from 'node:child_process'

export interface CommandRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Both of its outputs, as they come. */
  readonly onOutput: (text: string) => void
}

/** Null: it ended well. Else why not: its exit code, its signal, or that it could not be started. */
export function runCommandLine(
  line: string,
  { cwd, env, signal, onOutput }: CommandRun,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(line, { cwd, env, shell: true, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onOutput)
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, killedBy) =>
      resolve(code === 0 ? null : code === null ? `ended by ${killedBy}` : `exit code ${code}`),
    )
  })
}
