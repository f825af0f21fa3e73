// pgsteward alerts: what is firing and who was told; acknowledge, silence, try a channel.

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { channelOf } from '../../app/alerts/channel-of.ts'
import { channelNamed, tryChannel } from '../../app/alerts/test-channel.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { alertsWire, alertWire, silenceWire } from '../../model/alert-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { askServer, runningServer } from '../ask-server.ts'
import { CONFIG_OPTION, type CommandContext, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { alertLines } from '../render-alerts.ts'
import { plain } from '../render-check.ts'

const SERVER_OPTION = {
  server: {
    type: 'string',
    example: 'URL',
    help: 'the pgsteward that runs there (default: that of the configuration)',
  },
} as const
const ACTOR_OPTION = {
  actor: { type: 'string', example: 'NAME', help: 'who does it (default: the USER of the environment)' },
} as const
const TARGET_OPTION = { target: { type: 'string', example: 'ID', help: 'of this target alone' } } as const

export const alertsList = defineCommand({
  name: 'alerts list',
  usage: 'alerts list [--target ID] [--all]',
  summary: 'what is firing, who was told, who has it in hand, and what channels did not take',
  description:
    'Asks the pgsteward that runs on this machine, or the one at --server. Alerts that are over are shown with --all, as are messages ' +
    'that were sent.',
  examples: ['pgsteward alerts list', 'pgsteward alerts list --all --json'],
  options: {
    ...TARGET_OPTION,
    all: { type: 'boolean', help: 'also what is over' },
    ...SERVER_OPTION,
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, ...context }) {
    const server = await runningServer(await configOf(context, options.config), options.server)
    const query = options.target === undefined ? '' : `?target=${encodeURIComponent(options.target)}`
    const known = await askServer(server, `alerts${query}`, alertsWire)
    const shown = options.all
      ? known
      : {
          ...known,
          alerts: known.alerts.filter(({ state }) => state !== 'resolved'),
          deliveries: known.deliveries.filter(({ state }) => state !== 'sent'),
          silences: known.silences.filter(({ isInForce }) => isInForce),
        }
    terminal.out(
      options.json ? `${JSON.stringify(shown, null, 2)}\n` : alertLines(shown, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const alertsAck = defineCommand({
  name: 'alerts ack',
  usage: 'alerts ack KEY [--for 2h] [--reason TEXT]',
  summary: 'take an alert in hand: it no longer escalates or repeats',
  description:
    'Those who were told of it hear who has it. Without --for it holds until the finding is over or grows worse; with it, the alert is ' +
    'told again when the time is over and the finding is still there.',
  examples: [
    'pgsteward alerts ack "blocking-chain:backend/4711" --for 2h --reason "looking at the migration"',
  ],
  options: {
    for: { type: 'string', example: '2h', help: 'for how long' },
    reason: { type: 'string', example: 'TEXT', help: 'what is being done' },
    ...TARGET_OPTION,
    ...ACTOR_OPTION,
    ...SERVER_OPTION,
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([key], options, { terminal, ...context }) {
    if (key === undefined)
      throw new StewardError('usage', 'which alert?', { hint: '`pgsteward alerts list` has their keys.' })
    const forMs = options.for === undefined ? null : durationOf('--for', options.for)
    const server = await runningServer(await configOf(context, options.config), options.server)
    const target = options.target ?? (await targetOf(server, key))
    const alert = await askServer(server, 'alerts/acknowledge', alertWire, {
      target,
      key,
      actor: options.actor ?? context.env.USER ?? 'cli',
      ...(forMs === null ? {} : { until: new Date(Date.now() + forMs).toISOString() }),
      ...(options.reason === undefined ? {} : { because: options.reason }),
    })
    terminal.out(options.json ? `${JSON.stringify(alert, null, 2)}\n` : `in hand: ${plain(alert.summary)}\n`)
    return EXIT.clean
  },
})

async function targetOf(server: Parameters<typeof askServer>[0], key: string): Promise<string> {
  const { alerts } = await askServer(server, 'alerts', alertsWire)
  const firing = alerts.filter(({ findingKey, state }) => findingKey === key && state !== 'resolved')
  const [first] = firing
  if (first !== undefined && firing.length === 1) return first.targetId
  throw new StewardError(
    'alert-unknown',
    first === undefined ? `nothing is firing for "${key}"` : `"${key}" is firing for several targets`,
    {
      hint:
        first === undefined
          ? '`pgsteward alerts list` lists what is.'
          : `Choose one with --target: ${firing.map(({ targetId }) => targetId).join(', ')}`,
    },
  )
}

export const alertsSilence = defineCommand({
  name: 'alerts silence',
  usage: 'alerts silence --for 2h --reason TEXT [--target ID] [--check ID] [--finding KEY] | --end ID',
  summary: 'tell nobody of what matches, for a time; or end a silence',
  description:
    'For a release or a migration: findings live on, and what is still there afterwards is told then. Of a finding key, * stands for ' +
    'anything. For spells that come back every week see alerts.windows of the configuration.',
  examples: [
    'pgsteward alerts silence --for 30m --reason "release 4.2"',
    'pgsteward alerts silence --for 2h --reason "import" --target shop --check long-running-query --check wait-dominates',
    'pgsteward alerts silence --end 7',
  ],
  options: {
    for: { type: 'string', example: '2h', help: 'for how long, 30 days at most' },
    reason: { type: 'string', example: 'TEXT', help: 'why; kept with it' },
    target: { type: 'string', multiple: true, example: 'ID', help: 'of these targets alone' },
    check: { type: 'string', multiple: true, example: 'ID', help: 'of these checks alone' },
    finding: { type: 'string', multiple: true, example: 'KEY', help: 'of these findings alone' },
    end: { type: 'string', example: 'ID', help: 'ends the silence of this number' },
    ...ACTOR_OPTION,
    ...SERVER_OPTION,
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, ...context }) {
    const actor = options.actor ?? context.env.USER ?? 'cli'
    const config = await configOf(context, options.config)
    if (options.end !== undefined) {
      const server = await runningServer(config, options.server)
      await askServer(server, `alerts/silences/${encodeURIComponent(options.end)}/end`, z.object({}), {
        actor,
      })
      terminal.out(options.json ? '{}\n' : `silence ${plain(options.end)} is over\n`)
      return EXIT.clean
    }
    if (options.for === undefined || options.reason === undefined)
      throw new StewardError('usage', options.for === undefined ? 'for how long?' : 'why?', {
        hint: 'pgsteward alerts silence --for 30m --reason "release 4.2"',
      })
    const until = new Date(Date.now() + durationOf('--for', options.for))
    const server = await runningServer(config, options.server)
    const { target: targets, check: checks, finding: findings } = options
    const silence = await askServer(server, 'alerts/silences', silenceWire, {
      match: {
        ...(targets === undefined ? {} : { targets }),
        ...(checks === undefined ? {} : { checks }),
        ...(findings === undefined ? {} : { findings }),
      },
      until: until.toISOString(),
      actor,
      because: options.reason,
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(silence, null, 2)}\n`
        : `silence ${silence.id} until ${silence.until}; end it with pgsteward alerts silence --end ${silence.id}\n`,
    )
    return EXIT.clean
  },
})

export const alertsTest = defineCommand({
  name: 'alerts test',
  usage: 'alerts test [CHANNEL...]',
  summary: 'send a test message through channels of the configuration',
  description:
    'An opening and its end, so that no incident stays open. Needs no running pgsteward. Exit code 1 when a channel does not take it.',
  examples: ['pgsteward alerts test', 'pgsteward alerts test pager --config ops/pgsteward.config.ts'],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(names, options, { terminal, ...context }) {
    const config = await configOf(context, options.config)
    const channels = Object.entries(config.alerts.channels).map(([id, channel]) =>
      channelOf(id, channel, config.outbound.allow),
    )
    const asked = names.length === 0 ? channels : names.map((name) => channelNamed(channels, name))
    if (asked.length === 0)
      throw new StewardError('channel-unknown', 'no channel is configured', {
        hint: 'Name some under alerts.channels of the configuration: docs/guides/alerts.md.',
      })
    const { green, red } = paint(terminal.isColoured)
    const results = []
    for (const channel of asked) {
      terminal.progress(`${channel.id} ...`)
      const result = await tryChannel(channel, new Date(), randomUUID, config.server.publicUrl ?? null)
      results.push(result)
      if (!options.json)
        terminal.out(
          result.isSent
            ? `${green('sent')}      ${plain(channel.id)} (${channel.kind})\n`
            : `${red('not sent')}  ${plain(channel.id)} (${channel.kind}): ${plain(result.because ?? '')}\n`,
        )
    }
    if (options.json) terminal.out(`${JSON.stringify(results, null, 2)}\n`)
    return results.every(({ isSent }) => isSent) ? EXIT.clean : EXIT.gate
  },
})

async function configOf({ cwd, env }: Pick<CommandContext, 'cwd' | 'env'>, file: string | undefined) {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(file === undefined ? {} : { file }),
  })
  return config
}

function durationOf(option: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  throw new StewardError('usage', `${option} ${text} is not a duration`, {
    hint: 'Write it as 30m, 2h or 7d.',
  })
}
