// pgsteward capacity: what a target holds and does, how that goes on, what it needs, and when which limit is reached.

import { resolve } from 'node:path'
import { z } from 'zod'
import { planOfTarget } from '../../app/capacity/plan-of-target.ts'
import type { Config } from '../../app/config/config-schema.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { writeWholeFile } from '../../app/load/write-whole-file.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { targetId } from '../../app/target-id.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { type CapacityPlanWire, capacityPlanWire } from '../../model/capacity.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { targetWire } from '../../model/wire.ts'
import { capacityCsv } from '../../report/capacity/capacity-csv.ts'
import { askServer, serverAt, serverUrl, tokenOf } from '../ask-server.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { capacityLines } from '../render-capacity.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

export const capacity = defineCommand({
  name: 'capacity',
  usage: 'capacity [TARGET] [--users 10] [--csv FILE] [--xlsx FILE] [--json]',
  summary: 'how sizes, load and connections go on, what is needed, and when which limit is reached',
  description:
    'TARGET is an id, or the URL that is watched; not needed where there is one. Out of the history that is kept of it: sizes, queries, ' +
    'transactions and connections as they are, in 6 and 12 months, and with ten times the users (or --users), each with an interval and ' +
    'with the error that the forecast had on its own past; connections and memory that are needed; the date of each limit. Asks the ' +
    'pgsteward that runs on this machine, or the one at --server; reads the store where none answers. --xlsx writes a workbook whose ' +
    'inputs can be changed.',
  examples: [
    'pgsteward capacity',
    'pgsteward capacity shop --users 3 --json',
    'pgsteward capacity shop --xlsx capacity.xlsx --csv capacity.csv',
  ],
  options: {
    users: { type: 'string', example: '10', help: 'how many times as many users (default: capacity.users)' },
    csv: { type: 'string', example: 'FILE', help: 'write the plan as CSV' },
    xlsx: { type: 'string', example: 'FILE', help: 'write the plan as a workbook with formulas' },
    server: { type: 'string', example: 'URL', help: 'ask the pgsteward that runs there' },
    store: SERVER_OPTIONS.store,
    'store-dir': SERVER_OPTIONS['store-dir'],
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([given, second], options, { terminal, cwd, env }) {
    if (second !== undefined)
      throw new StewardError('usage', `"${second}" is one argument too many`, {
        hint: 'pgsteward capacity takes one target.',
      })
    const users = usersOf(options.users)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: serverFlags(options),
    })
    const namesStore = options.store !== undefined || options['store-dir'] !== undefined
    // a running server owns its embedded store
    const address =
      serverUrl(options.server) ??
      (namesStore || config.store.url !== undefined ? null : await serverAt(config))
    const wanted = given === undefined ? null : idOf(given, config)
    const plan =
      address === null
        ? await fromStore(config, cwd, wanted, users)
        : await fromServer({ address, token: tokenOf(config) }, wanted, users)
    if (options.csv !== undefined) await writeWholeFile(resolve(cwd, options.csv), capacityCsv(plan))
    if (options.xlsx !== undefined) await writeWholeFile(resolve(cwd, options.xlsx), await workbookOf(plan))
    for (const path of [options.csv, options.xlsx])
      if (path !== undefined) terminal.note(`written: ${path}\n`)
    terminal.out(
      options.json ? `${JSON.stringify(plan, null, 2)}\n` : capacityLines(plan, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

function usersOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const users = Number(text)
  if (text.trim() !== '' && users > 0 && users <= 10_000) return users
  throw new StewardError('usage', `--users ${text} is not a number of times`, {
    hint: 'Such as 10: ten times as many as now; 10000 at most.',
  })
}

/** Of a URL the id of the target that has its host and database, or the one that watching it has given. */
function idOf(given: string, { targets }: Pick<Config, 'targets'>): string {
  if (!/^postgres(ql)?:\/\//.test(given)) return given
  const address = targetId({ url: given })
  const configured = targets.find(({ url }) => targetId({ url }) === address)
  return configured === undefined ? address : targetId(configured)
}

async function fromStore(
  config: Config,
  cwd: string,
  wanted: string | null,
  users: number | undefined,
): Promise<CapacityPlanWire> {
  const id = wanted ?? onlyOne(config.targets.map(targetId))
  const store = await openConfiguredStore(config, cwd)
  try {
    return await planOfTarget({ config, store, targetId: id, now: new Date(), users })
  } finally {
    await store.close()
  }
}

async function fromServer(
  server: Parameters<typeof askServer>[0],
  wanted: string | null,
  users: number | undefined,
): Promise<CapacityPlanWire> {
  const target =
    wanted ?? onlyOne((await askServer(server, 'targets', z.array(targetWire))).map(({ id }) => id))
  const query = new URLSearchParams({ target, ...(users === undefined ? {} : { users: String(users) }) })
  return askServer(server, `capacity?${query}`, capacityPlanWire)
}

function onlyOne(ids: readonly string[]): string {
  if (ids.length === 1) return ids[0]!
  throw new StewardError('usage', 'of which target?', {
    hint: ids.length === 0 ? 'pgsteward capacity TARGET' : `One of ${ids.join(', ')}.`,
  })
}

/** Loaded where a file is asked for: the library takes longer than the plan's text. */
async function workbookOf(plan: CapacityPlanWire): Promise<Uint8Array> {
  const [{ capacityWorkbook }, { writeXlsx }] = await Promise.all([
    import('../../report/capacity/workbook.ts'),
    import('../../report/capacity/write-xlsx.ts'),
  ])
  return writeXlsx(capacityWorkbook(plan))
}
