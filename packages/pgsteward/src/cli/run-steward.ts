// What watch and demo share: open the store, start the watchers and the server, tell what is found, stop in order.

import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { adminToken } from '../app/access/admin-token.ts'
import { ingestToken } from '../app/access/ingest-token.ts'
import { adminTokenFile } from '../app/access/kept-admin-token.ts'
import { assetFolders } from '../app/asset-folders.ts'
import type { Config } from '../app/config/config-schema.ts'
import { startOtlpExporter } from '../app/exports/otlp-exporter.ts'
import { SentryExport } from '../app/exports/sentry-export.ts'
import { createIngest } from '../app/ingest/ingest.ts'
import { logPush } from '../app/logs/log-push.ts'
import { openConfiguredStore } from '../app/open-configured-store.ts'
import { Steward } from '../app/steward.ts'
import { startUpkeep } from '../app/upkeep.ts'
import { Views } from '../app/views.ts'
import { StewardError } from '../model/error.ts'
import type { Evidence } from '../model/finding.ts'
import type { Notice } from '../model/open-finding.ts'
import { formatEvidence } from '../report/format.ts'
import { createServer } from '../server/create-server.ts'
import { isLoopback } from '../server/credentials.ts'
import type { Terminal } from './command.ts'
import { mcpCallLine } from './mcp-call-line.ts'
import { paint } from './paint.ts'
import { plain, severityWord } from './render-check.ts'
import { renderError } from './render-error.ts'
import { version } from './version.ts'

export interface RunOptions {
  readonly config: Config
  readonly terminal: Terminal
  readonly cwd: string
  readonly signal: AbortSignal
  /** Keeps what planner twins are built from. */
  readonly cacheDir: string
  /** Runs when applications can report: the demo starts its own. */
  readonly onListening?: (reporting: { readonly endpoint: string; readonly token: string }) => Promise<void>
}

/** Returns when the signal is aborted and everything has stopped. */
export async function runSteward(options: RunOptions): Promise<void> {
  const { config, terminal, cwd, signal, cacheDir, onListening } = options
  const { bold, dim } = paint(terminal.isColoured)
  const { token, file } = adminToken(config.server.adminToken, adminTokenFile(config.store.dir, cwd))
  const reporting = ingestToken(config.server.ingestToken, resolve(cwd, dirname(config.store.dir)))
  const store = await openConfiguredStore(config, cwd, (text) => terminal.progress(text))
  const sentry =
    config.exports.sentry === undefined
      ? null
      : new SentryExport({
          config: config.exports.sentry,
          allow: config.outbound.allow,
          store,
          dashboardUrl: config.server.publicUrl ?? null,
          version: version(),
          now: () => new Date(),
          chance: Math.random,
          onTrouble: (text) => terminal.note(`sentry: ${plain(text)}\n`),
        })
  const down = new Set<string>()
  const steward = new Steward(config, store, {
    cacheDir,
    notify: async (notices) => {
      terminal.out(notices.map((notice) => noticeLine(notice, terminal)).join(''))
      sentry?.noticeFindings(notices)
    },
    onAlertTrouble: (text) => terminal.note(`alerts: ${plain(text)}\n`),
    onTick: (targetId) => {
      if (down.delete(targetId)) terminal.out(`${plain(targetId)} answers again\n`)
    },
    onFailure: (targetId, error) => {
      if (down.has(targetId)) return
      down.add(targetId)
      terminal.note(`${plain(targetId)}: ${renderError(error, terminal.isColoured)}`)
    },
  })
  const upkeep = await startUpkeep(store, config, (error) =>
    terminal.note(`upkeep: ${renderError(error, terminal.isColoured)}`),
  )
  const now = () => new Date()
  const ingest = createIngest({
    store,
    config,
    now,
    onSaved: (targetId, report) => {
      steward.counters.noticeReport(targetId, report)
      sentry?.noticeReport(targetId, report)
    },
    onFailure: (error) => terminal.note(`ingest: ${renderError(error, terminal.isColoured)}`),
  })
  const assets = assetFolders()
  const views = new Views(steward, now, assets.docs)
  const server = await createServer({
    views,
    adminToken: token,
    host: config.server.host,
    dashboardDir: assets.dashboard,
    now,
    applications: { ingest, token: reporting.token },
    mcp: {
      tokens: config.mcp.tokens.map(({ scopes, targets, ...token }) => ({
        ...token,
        scopes: new Set(scopes),
        targets: targets ?? null,
      })),
      callsPerMinute: config.mcp.callsPerMinute,
      publicUrl: config.server.publicUrl,
      version: version(),
      onCall: (call) => terminal.note(mcpCallLine(call)),
    },
    calendarToken: config.onCall?.calendarToken,
    reviewCalendarToken: config.reviews.calendarToken,
    publicUrl: config.server.publicUrl,
    trustedProxies: config.server.trustedProxies,
    requestsPerMinute: config.server.requestsPerMinute,
    onTrouble: (error) => terminal.note(`audit: ${renderError(error, terminal.isColoured)}`),
    logs: {
      push: logPush({
        pushedTo: (targetId) => steward.logs.pushedTo(targetId),
        targetIds: steward.watchers.map(({ target }) => target.id),
        now,
      }),
      token: reporting.token,
    },
  })
  const otlp =
    config.exports.otlp === undefined
      ? null
      : startOtlpExporter({
          config: config.exports.otlp,
          allow: config.outbound.allow,
          read: () => views.metricFamilies(),
          startedAt: steward.counters.startedAt,
          version: version(),
          instance: hostname(),
          now,
          onTrouble: (text) => terminal.note(`otlp: ${plain(text)}\n`),
        })
  try {
    const address = await listen(server, config)
    terminal.out(
      `\n${bold('pgsteward')} watches ${config.targets.length} ${config.targets.length === 1 ? 'database' : 'databases'}\n`,
    )
    terminal.out(`  dashboard    ${bold(address)}\n`)
    terminal.out(`  admin token  ${file === null ? 'as configured' : dim(`in ${file}`)}\n`)
    terminal.out(
      `  applications OTLP at ${address}, token ${reporting.file === null ? 'as configured' : dim(`in ${reporting.file}`)}\n`,
    )
    terminal.out(`  stop         Ctrl-C\n\n`)
    steward.start()
    sentry?.start()
    await onListening?.({ endpoint: address, token: reporting.token })
    await aborted(signal)
    terminal.note('\nstopping ...\n')
  } finally {
    await server.close()
    await ingest.stop()
    await otlp?.stop()
    await upkeep.stop()
    await sentry?.stop()
    await steward.stop()
  }
}

type Server = Awaited<ReturnType<typeof createServer>>

async function listen(server: Server, config: Config): Promise<string> {
  const { host, port } = config.server
  try {
    const address = await server.listen({ host, port })
    return isLoopback(host) ? address.replace('[::1]', 'localhost') : address
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new StewardError('port-in-use', `port ${port} is taken by another program`, {
      detail: 'Perhaps another pgsteward runs already.',
      hint: 'Choose another with --port 7433, or --port 0 for any free one.',
      cause: error,
    })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    // a pending timer keeps the process alive while every watcher sleeps unreferenced
    const keepAlive = setInterval(() => undefined, 60_000)
    signal.addEventListener('abort', () => {
      clearInterval(keepAlive)
      done()
    })
  })
}

function noticeLine({ transition, finding }: Notice, terminal: Terminal): string {
  const { bold, dim, green } = paint(terminal.isColoured)
  if (transition === 'resolved')
    return `${green('resolved')} ${plain(finding.summary)}  ${dim(finding.checkId)}\n`
  const word = severityWord(finding.severity, terminal.isColoured)
  return `${word} ${bold(plain(finding.summary))}  ${dim(`${finding.checkId}: ${plain(formatEvidence(inShort(finding.evidence)))}`)}\n`
}

/** A line holds the first numbers, and the statement where there is one; the dashboard has the rest. */
function inShort(evidence: readonly Evidence[]): readonly Evidence[] {
  const statement = evidence.find((each) => each.label === 'statement')
  return [
    ...evidence.filter((each) => each !== statement).slice(0, 3),
    ...(statement === undefined ? [] : [statement]),
  ]
}
