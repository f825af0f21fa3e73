// pgsteward report: a period, a load run or a release in one document, from the running pgsteward or its store.

import { resolve } from 'node:path'
import { z } from 'zod'
import type { Config } from '../../app/config/config-schema.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { timeZoneName } from '../../app/config/time-zone.ts'
import { writeWholeFile } from '../../app/load/write-whole-file.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../app/reports/report-config.ts'
import { reportFile } from '../../app/reports/report-files.ts'
import { reportOfTarget } from '../../app/reports/report-of-target.ts'
import { targetId } from '../../app/target-id.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { REPORT_KINDS, type Report, type ReportKind, report as reportShape } from '../../model/report.ts'
import type { ReportRequestWire } from '../../model/report-request.ts'
import { targetWire } from '../../model/wire.ts'
import { askServer, type ServerAddress, serverAt, serverUrl, tokenOf } from '../ask-server.ts'
import { CONFIG_OPTION, defineCommand } from '../command.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

export const report = defineCommand({
  name: 'report',
  usage: `report ${REPORT_KINDS.join('|')} [--target ID] [--for 2026-11-22|last|current] [--format md|html|json] [--out FILE]`,
  summary: 'a day, a week, a month, indexes, queries, a load run or a release as a document',
  description:
    'Made of the history that is kept, so for any past period and while the target is away. --for takes a date, a week (2026-W47), a month ' +
    '(2026-11), last (the latest that is over, the default) or current; daily is of a day, weekly and index-health of a week, monthly and ' +
    'optimization of a month. load needs --run; release takes --version, or the latest deployment. Asks the pgsteward that runs on this ' +
    'machine, or the one at --server; reads the store where none answers. Every number comes with a link to its evidence in the dashboard.',
  examples: [
    'pgsteward report daily',
    'pgsteward report weekly --for 2026-W47 --format html --out week.html',
    'pgsteward report load --run 01KARZ --format json',
  ],
  options: {
    target: { type: 'string', example: 'ID', help: 'of this target (default: the only one)' },
    for: { type: 'string', example: 'last', help: 'which period: a date, week or month, last or current' },
    run: { type: 'string', example: 'ID', help: 'of report load: which run' },
    version: { type: 'string', example: '1.5.0', help: 'of report release: which version' },
    'time-zone': {
      type: 'string',
      example: 'Europe/Berlin',
      help: 'in which days, weeks and months begin (default: reports.timeZone)',
    },
    format: { type: 'string', example: 'md', help: 'md, html or json (default: md)' },
    out: { type: 'string', short: 'o', example: 'FILE', help: 'write it there instead of standard output' },
    server: { type: 'string', example: 'URL', help: 'ask the pgsteward that runs there' },
    store: SERVER_OPTIONS.store,
    'store-dir': SERVER_OPTIONS['store-dir'],
    ...CONFIG_OPTION,
  },
  async run([given, second], options, { terminal, cwd, env }) {
    if (second !== undefined)
      throw new StewardError('usage', `"${second}" is one argument too many`, {
        hint: 'pgsteward report takes one kind; --target names the target.',
      })
    const kind = kindOf(given)
    const format = formatOf(options.format)
    const timeZone = zoneOf(options['time-zone'])
    refuseUnfit(kind, options)
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
    const server = address === null ? null : { address, token: tokenOf(config) }
    const target = options.target ?? (await onlyTarget(kind, config, server))
    const wanted = { kind, target, for: options.for, run: options.run, version: options.version, timeZone }
    const made =
      server === null
        ? await fromStore(config, cwd, wanted)
        : await askServer(server, 'reports/draft', reportShape, wanted)
    const content = reportFile(made, format, config.server.publicUrl ?? address)
    if (options.out === undefined) terminal.out(content)
    else {
      await writeWholeFile(resolve(cwd, options.out), content)
      terminal.note(`written: ${options.out}\n`)
    }
    return EXIT.clean
  },
})

async function fromStore(config: Config, cwd: string, wanted: ReportRequestWire): Promise<Report> {
  const store = await openConfiguredStore(config, cwd)
  try {
    return await reportOfTarget({ config, store, now: new Date(), timeZone: config.reports.timeZone }, wanted)
  } finally {
    await store.close()
  }
}

function kindOf(given: string | undefined): ReportKind {
  const kind = REPORT_KINDS.find((each) => each === given)
  if (kind !== undefined) return kind
  const nearest = nearestName(given ?? '', [...REPORT_KINDS])
  throw new StewardError('usage', given === undefined ? 'which report?' : `"${given}" is not a report`, {
    detail: `There are ${REPORT_KINDS.join(', ')}.`,
    hint: nearest === null ? 'pgsteward report daily' : `Did you mean "pgsteward report ${nearest}"?`,
  })
}

interface Chosen {
  readonly for?: string
  readonly run?: string
  readonly version?: string
}

/** An option that would change nothing was meant for something. */
function refuseUnfit(kind: ReportKind, { for: period, run, version }: Chosen): void {
  const refuse = (option: string, hint: string): never => {
    throw new StewardError('usage', `${option} says nothing to report ${kind}`, { hint })
  }
  const hasPeriod = kind !== 'load' && kind !== 'release'
  if (kind === 'load' && run === undefined)
    throw new StewardError('usage', 'of which load run?', {
      hint: "pgsteward report load --run ID; the dashboard's page Load shows the ids.",
    })
  if (period !== undefined && !hasPeriod) refuse('--for', 'A load run and a release have their own time.')
  if (run !== undefined && kind !== 'load') refuse('--run', 'pgsteward report load --run ID')
  if (version !== undefined && kind !== 'release') refuse('--version', 'pgsteward report release --version V')
}

function formatOf(text: string | undefined): ReportFormat {
  const format = REPORT_FORMATS.find((each) => each === (text ?? 'md'))
  if (format !== undefined) return format
  throw new StewardError('usage', `--format ${text} is not a format`, { hint: 'md, html or json.' })
}

/** Absent: as it is configured where the report is made. */
function zoneOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const zone = timeZoneName().safeParse(text)
  if (zone.success) return zone.data
  throw new StewardError('usage', `--time-zone ${text} is not a time zone`, {
    hint: 'An IANA name such as Europe/Berlin.',
  })
}

/** Of the server, or of the configuration. A run knows its target. */
async function onlyTarget(
  kind: ReportKind,
  { targets }: Pick<Config, 'targets'>,
  server: ServerAddress | null,
): Promise<string> {
  const ids =
    server === null
      ? targets.map(targetId)
      : (await askServer(server, 'targets', z.array(targetWire))).map(({ id }) => id)
  if (ids.length === 1) return ids[0]!
  if (kind === 'load') return ''
  throw new StewardError('usage', 'of which target?', {
    hint: ids.length === 0 ? 'pgsteward report daily --target ID' : `--target: one of ${ids.join(', ')}.`,
  })
}
