// pgsteward config: what was understood, value by value, with its origin; secrets masked.

import { type LoadedConfig, loadConfig } from '../../app/config/load-config.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

export const config = defineCommand({
  name: 'config',
  usage: 'config [--config FILE]',
  summary: 'show the configuration as it was understood, with the origin of each value',
  description:
    'Flags win over environment variables, those over the file, that over defaults. Passwords and tokens are masked.',
  examples: ['pgsteward config', 'pgsteward config --json'],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(_positionals, options, { terminal, cwd, env }) {
    const loaded = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    const lines = flatten(loaded.config, '').map(([path, value]) => ({
      path,
      value: masked(path, value),
      origin: originOf(path, loaded),
    }))
    if (options.json) {
      terminal.out(`${JSON.stringify({ file: loaded.file, values: lines }, null, 2)}\n`)
      return EXIT.clean
    }
    const { dim } = paint(terminal.isColoured)
    const width = Math.max(...lines.map((line) => line.path.length))
    terminal.out(
      `${dim(loaded.file ?? 'no configuration file; all values are defaults unless said otherwise')}\n`,
    )
    for (const { path, value, origin } of lines)
      terminal.out(
        `${path.padEnd(width)}  ${JSON.stringify(value)}${origin === 'default' ? '' : `  ${dim(origin)}`}\n`,
      )
    return EXIT.clean
  },
})

function flatten(value: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  const entries = Object.entries(value)
  if (entries.length === 0) return path === '' ? [] : [[path, value]]
  return entries.flatMap(([name, below]) => flatten(below, path === '' ? name : `${path}.${name}`))
}

function originOf(path: string, { origins }: LoadedConfig): string {
  for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const origin = origins.get(at)
    if (origin !== undefined) return origin
  }
  return 'default'
}

function masked(path: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/token|password|secret|key$|headers\.|channels\.[^.]+\.url$/i.test(path)) return '***'
  // who has a DSN may send events in the project's name; the rest of it says which project
  if (/\.sentry\.(?:dsn$|projects\.)/.test(path)) return value.replace(/\/\/[^@]*@/, '//***@')
  return (
    value
      .replace(/^(\w+:\/\/[^:@/]*:)[^@]*@/, '$1***@')
      // a health page may be opened by a key in its query
      .replace(/^(https?:\/\/[^?]*\?).*$/i, '$1***')
      .replace(/([?&]\w*password=)[^&]*/gi, '$1***')
  )
}
