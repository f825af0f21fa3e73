// Help texts, made from the commands' own data.

import type { AnyCommand, OptionSpec } from './command.ts'

export function overviewHelp(commands: readonly AnyCommand[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  return [
    'pgsteward watches PostgreSQL, finds what is slow or soon will be, and says what to do about it.',
    '',
    'Usage: pgsteward COMMAND [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'pgsteward help COMMAND tells more about one of them.',
    'Exit codes: 0 clean, 1 gate reached, 2 usage or configuration, 3 target or store unreachable, 70 a bug in pgsteward.',
    '',
  ].join('\n')
}

/** Of commands with the same first word. */
export function groupHelp(group: string, commands: readonly AnyCommand[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  return [
    `Usage: pgsteward ${group} COMMAND [options]`,
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    `pgsteward help ${group} COMMAND tells more about one of them.`,
    '',
  ].join('\n')
}

export function commandHelp(command: AnyCommand): string {
  const options = Object.entries(command.options as Record<string, OptionSpec>).map(([name, option]) => ({
    left: `${option.short === undefined ? '    ' : `-${option.short}, `}--${name}${option.type === 'string' ? ` ${option.example ?? 'VALUE'}` : ''}`,
    help: option.help,
  }))
  const width = Math.max(0, ...options.map((option) => option.left.length))
  return [
    `Usage: pgsteward ${command.usage}`,
    '',
    command.description,
    ...(options.length === 0
      ? []
      : ['', 'Options:', ...options.map((option) => `  ${option.left.padEnd(width)}  ${option.help}`)]),
    ...(command.examples.length === 0
      ? []
      : ['', 'Examples:', ...command.examples.map((example) => `  ${example}`)]),
    '',
  ].join('\n')
}
