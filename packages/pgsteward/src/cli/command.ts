// A command as data: name, options, help and what it does. main.ts runs them; a test holds them to the reference page.

import type { ExitCode } from '../model/error.ts'

export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  /** Shown in the help: `--for 3m`. */
  readonly example?: string
  readonly help: string
}

export type Options = Readonly<Record<string, OptionSpec>>

export type OptionValues<O extends Options> = {
  readonly [K in keyof O]?: O[K]['type'] extends 'boolean'
    ? boolean
    : O[K]['multiple'] extends true
      ? readonly string[]
      : string
}

export interface Terminal {
  /** The command's result; with --json nothing else is written there. */
  readonly out: (text: string) => void
  /** Resolves once what was given to `out` is taken, for output without end. Absent: it is taken at once. */
  readonly drained?: () => Promise<void>
  /** Progress, hints and errors. */
  readonly note: (text: string) => void
  /** Overwrites the line before on a terminal; silent when piped. */
  readonly progress: (text: string) => void
  readonly isColoured: boolean
  readonly width: number
}

export interface CommandContext {
  readonly terminal: Terminal
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What is typed, line by line; absent: nobody can answer. */
  readonly lines?: () => AsyncIterator<string>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

export interface Command<O extends Options = Options> {
  readonly name: string
  /** `check URL` */
  readonly usage: string
  readonly summary: string
  /** Paragraphs for `help check` and the reference. */
  readonly description: string
  readonly examples: readonly string[]
  readonly options: O
  readonly run: (
    positionals: readonly string[],
    options: OptionValues<O>,
    context: CommandContext,
  ) => Promise<ExitCode>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of commands of different options has no narrower type
export type AnyCommand = Command<any>

export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command
}

/** Options that several commands share. */
export const JSON_OPTION = { json: { type: 'boolean', help: 'print JSON alone on standard output' } } as const
export const CONFIG_OPTION = {
  config: {
    type: 'string',
    short: 'c',
    example: 'FILE',
    help: 'configuration file (default: pgsteward.config.ts here, if there is one)',
  },
} as const
