// Where people open the dashboard, for what links there: --url, or server.publicUrl of the configuration.

import { loadConfig } from '../app/config/load-config.ts'
import { ALL_CHECKS } from '../checks/all.ts'
import { StewardError } from '../model/error.ts'

export async function publicUrlOf(
  options: { readonly url?: string; readonly config?: string },
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<string | null> {
  if (options.url === undefined) {
    const file = options.config === undefined ? {} : { file: options.config }
    const { config } = await loadConfig({ checks: ALL_CHECKS, cwd, env, ...file })
    return config.server.publicUrl ?? null
  }
  if (!URL.canParse(options.url) || !/^https?:/.test(options.url))
    throw new StewardError('usage', `--url ${options.url} is no address`, {
      hint: '--url https://pgsteward.example.com',
    })
  return options.url
}
