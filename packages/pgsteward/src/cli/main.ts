// argv to command to exit code: the only place that writes to standard output or ends the process.

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { EXIT, type ExitCode, StewardError } from '../model/error.ts'
import { nearestName } from '../model/nearest-name.ts'
import { COMMANDS, loadAllCommands } from './all-commands.ts'
import type { AnyCommand, CommandContext, Options, OptionValues } from './command.ts'
import { commandHelp, groupHelp, overviewHelp } from './help.ts'
import { processTerminal } from './process-terminal.ts'
import { renderError } from './render-error.ts'
import { version } from './version.ts'

export async function main(args: readonly string[]): Promise<void> {
  const terminal = processTerminal(process.stdout, process.stderr, process.env)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  // a reader that goes away (| head) ends us quietly
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? EXIT.clean : EXIT.bug),
  )
  const exitCode = await runCommand(args, {
    terminal,
    cwd: process.cwd(),
    env: process.env,
    lines: () => createInterface({ input: process.stdin })[Symbol.asyncIterator](),
    signal: stop.signal,
  })
  process.exitCode = exitCode
  await new Promise((resolve) => process.stdout.write('', resolve))
  process.exit(exitCode)
}

/** Runs one command line. Every error ends here: as three parts on stderr, as JSON on stdout where --json was given. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await dispatch(args, context)
  } catch (error) {
    const isJson = args.includes('--json')
    if (isJson) context.terminal.out(`${JSON.stringify({ error: asJson(error) })}\n`)
    context.terminal.note(renderError(error, context.terminal.isColoured))
    return error instanceof StewardError ? error.exitCode : EXIT.bug
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = name === 'help' ? rest[0] : undefined
    context.terminal.out(
      topic === undefined ? overviewHelp(await loadAllCommands()) : await helpOn(topic, rest[1]),
    )
    return EXIT.clean
  }
  if (name === '--version' || name === '-v') {
    context.terminal.out(`${version()}\n`)
    return EXIT.clean
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    context.terminal.out(await helpOn(name, rest[0]))
    return EXIT.clean
  }
  const command = await find(name, rest[0])
  const { positionals, values } = parse(command, isGroup(name) ? rest.slice(1) : rest)
  return command.run(positionals, values as OptionValues<Options>, context)
}

/** Commands of two words, `load run`. */
function membersOf(group: string): readonly string[] {
  return Object.keys(COMMANDS).flatMap((name) =>
    name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [],
  )
}

function isGroup(name: string): boolean {
  return membersOf(name).length > 0
}

async function helpOn(name: string, member: string | undefined): Promise<string> {
  if (!isGroup(name) || (member !== undefined && Object.hasOwn(COMMANDS, `${name} ${member}`)))
    return commandHelp(await find(name, member))
  return groupHelp(name, await Promise.all(membersOf(name).map((each) => find(name, each))))
}

async function find(name: string, member?: string): Promise<AnyCommand> {
  if (isGroup(name)) {
    const known = membersOf(name)
    const load = COMMANDS[`${name} ${member}`]
    if (load !== undefined) return load()
    const nearest = nearestName(member ?? '', known)
    throw new StewardError(
      'usage',
      member === undefined || member.startsWith('-')
        ? `${name}: what?`
        : `"${name} ${member}" is not a command`,
      {
        detail: `There are ${known.map((each) => `${name} ${each}`).join(', ')}.`,
        hint:
          nearest === null
            ? `pgsteward help ${name} tells about them.`
            : `Did you mean "pgsteward ${name} ${nearest}"?`,
      },
    )
  }
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]!()
  const nearest = nearestName(
    name,
    Object.keys(COMMANDS).map((each) => each.split(' ')[0]!),
  )
  throw new StewardError('usage', `"${name}" is not a command`, {
    hint: nearest === null ? 'pgsteward help lists the commands.' : `Did you mean "pgsteward ${nearest}"?`,
  })
}

function parse(command: AnyCommand, args: readonly string[]) {
  try {
    const options = Object.fromEntries(
      Object.entries(
        command.options as Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }>,
      ).map(([name, { type, short, multiple }]) => [
        name,
        { type, ...(short && { short }), ...(multiple && { multiple }) },
      ]),
    )
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const message = (error as Error).message
    const unknown = /'--?([\w-]+)/.exec(message)?.[1]
    const nearest = unknown === undefined ? null : nearestName(unknown, Object.keys(command.options))
    throw new StewardError('usage', message.split('. ')[0]!, {
      detail: `usage: pgsteward ${command.usage}`,
      hint:
        nearest === null || nearest === unknown
          ? `pgsteward ${command.name} --help lists the options.`
          : `Did you mean --${nearest}?`,
    })
  }
}

function asJson(error: unknown): object {
  if (error instanceof StewardError)
    return { code: error.code, message: error.message, detail: error.detail, hint: error.hint }
  return { code: 'bug', message: error instanceof Error ? error.message : String(error) }
}
