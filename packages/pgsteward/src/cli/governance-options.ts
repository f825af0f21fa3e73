// What the commands on governance records share: the pgsteward that is asked, and who asks.

import { loadConfig } from '../app/load-config.ts'
import { ALL_CHECKS } from '../checks/all.ts'
import { StewardError } from '../model/error.ts'
import { runningServer, type ServerAddress } from './ask-server.ts'
import { CONFIG_OPTION, type CommandContext, JSON_OPTION } from './command.ts'

export const ASK_OPTIONS = {
  server: {
    type: 'string',
    example: 'URL',
    help: 'the pgsteward that runs there (default: that of the configuration)',
  },
  ...CONFIG_OPTION,
  ...JSON_OPTION,
} as const
export const ACTOR_OPTION = {
  actor: { type: 'string', example: 'NAME', help: 'who (default: the USER of the environment)' },
} as const
export const TARGET_OPTION = {
  target: { type: 'string', example: 'ID', help: 'of this target alone' },
} as const

export async function askedServer(
  { cwd, env }: Omit<CommandContext, 'terminal'>,
  options: { readonly config?: string | undefined; readonly server?: string | undefined },
): Promise<ServerAddress> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  return runningServer(config, options.server)
}

export function actorOf(
  { actor }: { readonly actor?: string | undefined },
  { env }: Pick<CommandContext, 'env'>,
): string {
  return actor ?? env.USER ?? 'cli'
}

/** Throws 'usage' where it is missing; `example` shows one. */
export function given(text: string | undefined, what: string, example: string): string {
  if (text !== undefined && text.trim() !== '') return text
  throw new StewardError('usage', what, { hint: `Such as ${example}.` })
}
