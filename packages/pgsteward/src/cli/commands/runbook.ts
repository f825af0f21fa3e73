// pgsteward runbook: what to do about a finding, or about what a check finds.

import { z } from 'zod'
import { assetFolders } from '../../app/asset-folders.ts'
import { fillRunbook } from '../../app/govern/fill-runbook.ts'
import { runbookPage } from '../../app/govern/runbook-page.ts'
import { CRITICAL_CHECKS } from '../../checks/critical-checks.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { type RunbookWire, runbookWire } from '../../model/runbook-wire.ts'
import { targetWire } from '../../model/wire.ts'
import { askServer } from '../ask-server.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { recordServer, SERVER_OPTIONS, TARGET_OPTION } from '../record-command.ts'

interface Options {
  readonly target?: string | undefined
  readonly config?: string | undefined
  readonly server?: string | undefined
}

export const runbook = defineCommand({
  name: 'runbook',
  usage: 'runbook FINDING|CHECK [--target ID]',
  summary: 'what to do, step by step, with the names and numbers of the finding filled in',
  description:
    'Markdown: what it means for users, the first five minutes, the cause, how to mend it, what to do afterwards. A finding is named by its key, as ' +
    '`pgsteward findings` lists them, and asked of the pgsteward that runs; the runbook of a check needs none. Checks that can be critical have one.',
  examples: [
    'pgsteward runbook connections-near-limit',
    'pgsteward runbook "blocking-chain:backend/4711@2026-11-20T10:00:00.000Z"',
  ],
  options: { ...TARGET_OPTION, ...SERVER_OPTIONS },
  async run([what], options, { terminal, ...context }) {
    if (what === undefined)
      throw new StewardError('usage', 'the runbook of what?', {
        hint: `A finding's key, or one of: ${CRITICAL_CHECKS.join(', ')}.`,
      })
    const found = what.includes(':') ? await ofFinding(what, options, context) : await ofCheck(what)
    terminal.out(options.json ? `${JSON.stringify(found, null, 2)}\n` : found.page)
    return EXIT.clean
  },
})

async function ofCheck(checkId: string): Promise<RunbookWire> {
  const page = await runbookPage(assetFolders().docs, checkId)
  if (page !== null) return { checkId, findingKey: null, page: fillRunbook(page, null) }
  const nearest = nearestName(checkId, CRITICAL_CHECKS)
  throw new StewardError('usage', `there is no runbook of "${checkId}"`, {
    detail: 'Checks that can be critical have one.',
    hint: nearest === null ? `They are: ${CRITICAL_CHECKS.join(', ')}.` : `Did you mean ${nearest}?`,
  })
}

async function ofFinding(
  key: string,
  options: Options,
  context: Omit<CommandContext, 'terminal'>,
): Promise<RunbookWire> {
  const server = await recordServer(context, options)
  const targets = await askServer(server, 'targets', z.array(targetWire))
  const target = options.target ?? (targets.length === 1 ? targets[0]!.id : undefined)
  if (target === undefined)
    throw new StewardError('usage', 'a finding of which target?', {
      hint: `Choose one with --target: ${targets.map(({ id }) => id).join(', ')}`,
    })
  const query = new URLSearchParams({ target, finding: key })
  return askServer(server, `runbooks?${query}`, runbookWire)
}
