// What a workflow's or a guide's shell lines call of pgsteward, held against the commands there are.

import { COMMANDS } from '../../src/cli/all-commands.ts'

/** Lines as a shell sees them: continued ones joined, comments gone. */
export function pgstewardCalls(script: string): readonly (readonly string[])[] {
  return script
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => [...line.matchAll(/(?:^\s*|[|&;(] *|npx |pnpm exec |yarn )pgsteward (.*)/g)])
    .map(([, rest]) => words(rest!))
}

/** Splits at blanks outside quotes; what is quoted is one word. */
function words(line: string): readonly string[] {
  const found = line.match(/(?:[^\s"'#|>&;]|"[^"]*"|'[^']*')+|[#|>&;]/g) ?? []
  const end = found.findIndex((word) => /^[#|>&;]$/.test(word))
  return (end === -1 ? found : found.slice(0, end)).map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'))
}

/** Null: it is a call that the command line would understand; else what is wrong with it. */
export async function mistakeIn(call: readonly string[]): Promise<string | null> {
  const [first = '', second = ''] = call
  const isGroup = Object.keys(COMMANDS).some((name) => name.startsWith(`${first} `))
  const name = isGroup ? `${first} ${second}` : first
  const load = COMMANDS[name]
  if (load === undefined) return `there is no command ${name}`
  const { options } = (await load()) as { options: Record<string, { type: string; short?: string }> }
  for (let index = isGroup ? 2 : 1; index < call.length; index += 1) {
    const word = call[index]!
    if (!word.startsWith('-') || word === '-') continue
    const [given, value] = word.split('=', 2)
    const option = Object.entries(options).find(
      ([long, { short }]) => given === `--${long}` || (short !== undefined && given === `-${short}`),
    )
    if (option === undefined) return `${name} has no option ${given}`
    if (option[1].type === 'boolean' || value !== undefined) continue
    index += 1
    if (call[index] === undefined || call[index]!.startsWith('--')) return `${name} ${given} lacks its value`
  }
  return null
}
