// Adds one entry to an incident of a running pgsteward.

import type { z } from 'zod'
import { EXIT, type ExitCode } from '../model/error.ts'
import { type incidentEntryWire, incidentWire } from '../model/incident-wire.ts'
import { askServer } from './ask-server.ts'
import type { CommandContext } from './command.ts'
import { actorOf, given, recordServer } from './record-command.ts'

interface Options {
  readonly json?: boolean | undefined
  readonly actor?: string | undefined
  readonly config?: string | undefined
  readonly server?: string | undefined
}

/** `entry` throws 'usage' before anything is asked. */
export async function addToIncident(
  name: string | undefined,
  options: Options,
  { terminal, ...context }: CommandContext,
  entry: () => z.input<typeof incidentEntryWire>,
): Promise<ExitCode> {
  const record = incidentArgument(name)
  const added = { ...entry(), actor: actorOf(context, options) }
  const server = await recordServer(context, options)
  const is = await askServer(server, `incidents/${encodeURIComponent(record)}/entries`, incidentWire, added)
  terminal.out(
    options.json ? `${JSON.stringify(is, null, 2)}\n` : `${added.action}: ${is.name}, ${is.state}\n`,
  )
  return EXIT.clean
}

export function incidentArgument(name: string | undefined): string {
  return given(name, 'which incident?', 'INC-7; `pgsteward incidents list` has their names')
}
