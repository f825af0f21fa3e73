// pgsteward findings: what is known, from the running server or the store; mute and unmute with a reason.

import { assetFolders } from '../../app/asset-folders.ts'
import type { Config } from '../../app/config/config-schema.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { decideOnFinding, findFinding } from '../../app/findings/decide-on-finding.ts'
import { toldFindings } from '../../app/findings/told-findings.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { checkPages } from '../../app/rules/check-pages.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { atLeast, SEVERITIES } from '../../model/finding.ts'
import type { FindingState } from '../../model/open-finding.ts'
import { parseDuration } from '../../model/units.ts'
import type { ToldFindingWire } from '../../model/wire.ts'
import { oneOf } from '../arguments.ts'
import { serverAt, serverUrl, tokenOf } from '../ask-server.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { findingsFromServer } from '../known-findings.ts'
import { plain } from '../render-check.ts'
import { renderFindings } from '../render-findings.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

const GATES = [...SEVERITIES, 'never'] as const

export const findings = defineCommand({
  name: 'findings',
  usage:
    'findings [mute|unmute KEY --reason TEXT --for 7d] [--since 1h] [--target ID] [--all] [--fail-on critical|warning|info|never]',
  summary: 'tell what is wrong, since when, and what to do; mute a finding with a reason and an end',
  description:
    'The worst first, each with when it began, the evidence, what happened around that time (deployments, changes of schema, settings, ' +
    'statistics and plans, sessions that waited, findings that came with it), and what to do. Asks the pgsteward that runs on this ' +
    'machine, or the one at --server; reads the store where none answers. With --since only what began or ended in that time, the ' +
    'resolved ones too. A muted finding comes back when its time is over or when it grows worse. A critical one can be muted for seven ' +
    'days at most, others for ninety; an embedded store must not be in use for that (use the dashboard then).',
  examples: [
    'pgsteward findings',
    'pgsteward findings --since 1h',
    'pgsteward findings --server https://pgsteward.example.com --fail-on critical --json',
    'pgsteward findings mute unused-index:index/shop/public/orders_note --reason "needed at year end" --for 60d',
  ],
  options: {
    target: { type: 'string', example: 'ID', help: 'of this target alone' },
    since: { type: 'string', example: '1h', help: 'only what began or ended within this time' },
    verbose: { type: 'boolean', help: 'each finding in full; else the latest two of a kind' },
    all: { type: 'boolean', help: 'also the muted and the resolved ones' },
    'fail-on': {
      type: 'string',
      example: 'SEVERITY',
      help: `least severity of an open finding that ends in exit code 1: ${GATES.join(', ')} (default never)`,
    },
    server: { type: 'string', example: 'URL', help: 'ask the pgsteward that runs there' },
    reason: { type: 'string', example: 'TEXT', help: 'why it is muted or unmuted; kept in the record' },
    for: { type: 'string', example: '7d', help: 'how long it is muted (default 7d)' },
    actor: { type: 'string', example: 'NAME', help: 'who decides (default: the USER of the environment)' },
    store: SERVER_OPTIONS.store,
    'store-dir': SERVER_OPTIONS['store-dir'],
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([action, key], options, { terminal, cwd, env }) {
    const sinceMs = options.since === undefined ? null : parseDuration(options.since)
    if (sinceMs === null && options.since !== undefined)
      throw new StewardError('usage', `--since ${options.since} is not a duration`, {
        hint: 'Write it as 15m, 1h or 7d.',
      })
    const failOn = oneOf('--fail-on', options['fail-on'], GATES, 'never')
    const server = serverUrl(options.server)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: serverFlags(options),
    })
    if (action !== undefined) {
      const store = await openConfiguredStore(config, cwd)
      try {
        const finding = await findFinding(store, key, options.target)
        await decideOnFinding(
          store,
          action,
          finding,
          {
            reason: options.reason,
            forText: options.for ?? '7d',
            actor: options.actor ?? env.USER ?? 'cli',
          },
          new Date(),
        )
        terminal.out(`${action === 'mute' ? 'muted' : 'unmuted'}: ${plain(finding.summary)}\n`)
        return EXIT.clean
      } finally {
        await store.close()
      }
    }

    const states: readonly FindingState[] =
      options.all || sinceMs !== null ? ['open', 'pending', 'muted', 'resolved'] : ['open', 'pending']
    const namesStore = options.store !== undefined || options['store-dir'] !== undefined
    // a running server owns its embedded store, and what it knows is the latest
    const address = server ?? (namesStore || config.store.url !== undefined ? null : await serverAt(config))
    const known =
      address === null
        ? await fromStore(config, cwd, options.target, states)
        : await findingsFromServer({
            address,
            token: tokenOf(config),
            target: options.target,
            states,
          })
    const now = new Date()
    const told =
      sinceMs === null
        ? known.findings
        : known.findings.filter((finding) => isSince(finding, new Date(now.getTime() - sinceMs)))
    terminal.note(`from ${known.source}\n`)
    if (options.json) terminal.out(`${JSON.stringify(told, null, 2)}\n`)
    else if (told.length > 0) {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
      terminal.out(
        renderFindings({ findings: told, now, timeZone, isVerbose: options.verbose === true }, terminal),
      )
    } else
      terminal.out(
        options.since === undefined
          ? 'No findings. Either all is well, or nothing has been watched yet: pgsteward watch URL\n'
          : `Nothing began or ended in the last ${options.since}.\n`,
      )
    const isReached =
      failOn !== 'never' &&
      told.some((finding) => finding.state === 'open' && atLeast(finding.severity, failOn))
    return isReached ? EXIT.gate : EXIT.clean
  },
})

async function fromStore(
  config: Config,
  cwd: string,
  target: string | undefined,
  states: readonly FindingState[],
) {
  const store = await openConfiguredStore(config, cwd)
  try {
    const found = await store.findings({ states, ...(target === undefined ? {} : { targetId: target }) })
    return {
      source: 'the store',
      findings: await toldFindings(store, checkPages(config, assetFolders().docs), found),
    }
  } finally {
    await store.close()
  }
}

function isSince({ firstSeenAt, resolvedAt }: ToldFindingWire, from: Date): boolean {
  return new Date(firstSeenAt) >= from || (resolvedAt !== null && new Date(resolvedAt) >= from)
}
