// What commands on governance records share: the server that is asked, who acts, and the answer as text or JSON.

import type { z } from 'zod'
import { loadConfig } from '../app/config/load-config.ts'
import { ALL_CHECKS } from '../checks/all.ts'
import { EXIT, type ExitCode, StewardError } from '../model/error.ts'
import { askServer, runningServer, type ServerAddress } from './ask-server.ts'
import { CONFIG_OPTION, type CommandContext, JSON_OPTION } from './command.ts'
import { paint } from './paint.ts'

export const SERVER_OPTIONS = {
  server: {
    type: 'string',
    example: 'URL',
    help: 'the pgsteward that runs there (default: that of the configuration)',
  },
  ...CONFIG_OPTION,
  ...JSON_OPTION,
} as const
export const ACTOR_OPTION = {
  actor: { type: 'string', example: 'NAME', help: 'who does it (default: the USER of the environment)' },
} as const
export const ACTOR_OPTIONS = { ...ACTOR_OPTION, ...SERVER_OPTIONS } as const
export const TARGET_OPTION = {
  target: { type: 'string', example: 'ID', help: 'of this target alone' },
} as const

export interface RecordOptions {
  readonly server?: string | undefined
  readonly config?: string | undefined
  readonly json?: boolean | undefined
  readonly actor?: string | undefined
}

type Paint = ReturnType<typeof paint>

export async function recordServer(
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
  options: RecordOptions,
): Promise<ServerAddress> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  return runningServer(config, options.server)
}

/** GET, or POST of `body` with who acts; prints it as JSON or as `render` says. */
export async function answerOf<T extends z.ZodType>(
  context: CommandContext,
  options: RecordOptions,
  question: { readonly path: string; readonly answer: T; readonly body?: object },
  render: (answer: z.output<T>, paints: Paint) => string,
): Promise<ExitCode> {
  const { path, answer, body } = question
  const server = await recordServer(context, options)
  const sent = body === undefined ? undefined : { ...body, actor: actorOf(context, options) }
  const answered = await askServer(server, path, answer, sent)
  const { terminal } = context
  terminal.out(
    options.json === true
      ? `${JSON.stringify(answered, null, 2)}\n`
      : render(answered, paint(terminal.isColoured)),
  )
  return EXIT.clean
}

interface RecordPages<T extends z.ZodType> {
  /** Below /api/v1. */
  readonly path: string
  /** A name as those of the kind are. */
  readonly example: string
  readonly answer: T
  readonly render: (answer: z.output<T>, paints: Paint) => string
}

/** What the commands of a kind that add to a record do: POST to the record that is named, and print what it is then. */
export function recordPoster<T extends z.ZodType>({ path, example, answer, render }: RecordPages<T>) {
  return (
    context: CommandContext,
    options: RecordOptions,
    name: string | undefined,
    request: string,
    body: object,
  ): Promise<ExitCode> =>
    answerOf(
      context,
      options,
      { path: `${path}/${recordName(name, example)}/${request}`, answer, body },
      render,
    )
}

export function actorOf({ env }: Pick<CommandContext, 'env'>, { actor }: RecordOptions): string {
  return actor ?? env.USER ?? 'cli'
}

/** The first argument: which record. Throws 'usage'. */
export function recordName(text: string | undefined, example: string): string {
  return encodeURIComponent(given(text, 'which one?', example).trim())
}

/** Throws 'usage' where it is missing; `example` shows one. */
export function given(text: string | undefined, what: string, example: string): string {
  if (text !== undefined && text.trim() !== '') return text
  throw new StewardError('usage', what, { hint: `Such as ${example}.` })
}

/** Throws 'usage' where it is missing. */
export function needed(value: string | undefined, option: string, why: string): string {
  if (value !== undefined && value.trim() !== '') return value
  throw new StewardError('usage', `--${option} is missing`, { hint: why })
}

/** A moment as people write it, to ISO 8601; without an offset it is this machine's time. Throws 'usage'. */
export function momentOf(text: string, option: string): string {
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text)
  if (!Number.isNaN(at.getTime())) return at.toISOString()
  throw new StewardError('usage', `--${option} ${text} is no moment`, { hint: 'Such as 2026-12-01T09:00.' })
}

export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
