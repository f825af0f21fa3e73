// pgsteward oncall: who is on call, who will be; to take over, to hand over, to put it into a calendar.

import type { Config } from '../../app/config/config-schema.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { notConfigured, nowAnswer, nowWindow, shiftAnswer } from '../../app/govern/on-call-answers.ts'
import { calendarWindow, onCallCalendar } from '../../app/govern/on-call-calendar.ts'
import { noSchedule, onCallSetup, plannedShifts } from '../../app/govern/on-call-setup.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import {
  handOffWire,
  type OnCallNowWire,
  onCallNowWire,
  onCallWire,
  overrideWire,
} from '../../model/on-call-wire.ts'
import { parseDuration } from '../../model/units.ts'
import {
  askServer,
  askServerText,
  runningServer,
  type ServerAddress,
  serverAt,
  serverUrl,
  tokenOf,
} from '../ask-server.ts'
import { CONFIG_OPTION, type CommandContext, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { handOffLines, type Listed, nowLines, overrideLine, scheduleLines } from '../render-on-call.ts'

const SERVER_OPTION = {
  server: {
    type: 'string',
    example: 'URL',
    help: 'the pgsteward that runs there (default: that of the configuration)',
  },
  ...CONFIG_OPTION,
} as const
const ACTOR_OPTION = {
  actor: { type: 'string', example: 'NAME', help: 'who does it (default: the USER of the environment)' },
} as const
const DAY_MS = 86_400_000
const ALONE = 'No pgsteward runs here: this is the configuration alone, overrides are not known.\n'

export const oncallNow = defineCommand({
  name: 'oncall now',
  usage: 'oncall now [--json]',
  summary: 'who is on call now, until when, who is next, and whom escalation tells',
  description:
    'Asks the pgsteward that runs on this machine, or the one at --server. Where none answers, the configuration alone says it; ' +
    'overrides are then not known, and areOverridesKnown of --json is false.',
  examples: ['pgsteward oncall now', 'pgsteward oncall now --json --server http://127.0.0.1:7432'],
  options: { ...SERVER_OPTION, ...JSON_OPTION },
  async run(_, options, { terminal, ...context }) {
    const config = await configOf(context, options.config)
    const server = await serverOf(config, options.server)
    const now =
      server === null ? nowOf(config, new Date()) : await askServer(server, 'on-call/now', onCallNowWire)
    if (!now.areOverridesKnown) terminal.note(ALONE)
    terminal.out(
      options.json ? `${JSON.stringify(now, null, 2)}\n` : nowLines(now, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const oncallSchedule = defineCommand({
  name: 'oncall schedule',
  usage: 'oncall schedule [--days 28]',
  summary: 'who is on call in the next weeks, overrides that are to come, the time to acknowledge',
  description: 'Asks a running pgsteward as `oncall now` does; without one, the configuration alone says it.',
  examples: ['pgsteward oncall schedule', 'pgsteward oncall schedule --days 90 --json'],
  options: {
    days: { type: 'string', example: '28', help: 'how far ahead (default 28, at most 400)' },
    ...SERVER_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, ...context }) {
    const days = Number(options.days ?? 28)
    if (!(days >= 1 && days <= 400))
      throw new StewardError('usage', `--days ${options.days} is not a number of days`, {
        hint: 'From 1 to 400.',
      })
    const config = await configOf(context, options.config)
    const server = await serverOf(config, options.server)
    const from = new Date()
    const until = new Date(from.getTime() + days * DAY_MS)
    if (server === null) terminal.note(ALONE)
    const listed: Listed =
      server === null
        ? {
            shifts: plannedShifts(config, { from, until }).map((shift) => shiftAnswer(config, shift)),
            overrides: [],
            timeToAcknowledge: null,
          }
        : await askServer(
            server,
            `on-call?from=${from.toISOString()}&until=${until.toISOString()}`,
            onCallWire,
          )
    terminal.out(
      options.json
        ? `${JSON.stringify(listed, null, 2)}\n`
        : scheduleLines(listed, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const oncallOverride = defineCommand({
  name: 'oncall override',
  usage: 'oncall override PERSON (--for 4h | --until TIME) [--from TIME] [--role secondary] [--reason TEXT]',
  summary: 'somebody takes over for a while, whatever the rotation says',
  description:
    'PERSON is an id of the team. Alerts go to that person from then on. Whoever has the other role already changes places, so that ' +
    'nobody is both. It is kept as a record and can be withdrawn. Needs a running pgsteward.',
  examples: [
    'pgsteward oncall override ben --for 4h --reason "Anna is at the dentist"',
    'pgsteward oncall override cem --role secondary --from 2026-12-24T09:00:00+01:00 --until 2026-12-27T09:00:00+01:00',
  ],
  options: {
    for: { type: 'string', example: '4h', help: 'how long' },
    from: { type: 'string', example: 'TIME', help: 'when it begins (default: now)' },
    until: { type: 'string', example: 'TIME', help: 'when it ends, in place of --for' },
    role: { type: 'string', example: 'secondary', help: 'primary or secondary (default: primary)' },
    reason: { type: 'string', example: 'TEXT', help: 'why: the record keeps it' },
    ...ACTOR_OPTION,
    ...SERVER_OPTION,
    ...JSON_OPTION,
  },
  async run([person], options, { terminal, ...context }) {
    if (person === undefined)
      throw new StewardError('usage', 'who takes over?', { hint: 'pgsteward oncall override ben --for 4h' })
    const config = await configOf(context, options.config)
    const from = options.from === undefined ? undefined : momentOf('--from', options.from)
    const made = await askServer(
      await runningServer(config, options.server),
      'on-call/overrides',
      overrideWire,
      {
        person,
        ...(options.role === undefined ? {} : { role: options.role }),
        ...(from === undefined ? {} : { from: from.toISOString() }),
        until: endOf(options, from ?? new Date()).toISOString(),
        ...(options.reason === undefined ? {} : { because: options.reason }),
        actor: actorOf(options, context),
      },
    )
    terminal.out(options.json ? `${JSON.stringify(made, null, 2)}\n` : `${overrideLine(made)}\n`)
    return EXIT.clean
  },
})

export const oncallWithdraw = defineCommand({
  name: 'oncall withdraw',
  usage: 'oncall withdraw OVERRIDE [--reason TEXT]',
  summary: 'an override ends before its time',
  description:
    'The rotation, and overrides that were made before it, hold again from that moment. What was, was.',
  examples: ['pgsteward oncall withdraw OVR-3 --reason "back early"'],
  options: {
    reason: { type: 'string', example: 'TEXT', help: 'why: the record keeps it' },
    ...ACTOR_OPTION,
    ...SERVER_OPTION,
    ...JSON_OPTION,
  },
  async run([id], options, { terminal, ...context }) {
    if (id === undefined)
      throw new StewardError('usage', 'which override?', { hint: '`pgsteward oncall schedule` lists them.' })
    const server = await runningServer(await configOf(context, options.config), options.server)
    const path = `on-call/overrides/${encodeURIComponent(id)}/withdraw`
    const done = await askServer(server, path, overrideWire, {
      ...(options.reason === undefined ? {} : { because: options.reason }),
      actor: actorOf(options, context),
    })
    terminal.out(options.json ? `${JSON.stringify(done, null, 2)}\n` : `${done.id} is withdrawn\n`)
    return EXIT.clean
  },
})

export const oncallHandOff = defineCommand({
  name: 'oncall hand-off',
  usage: 'oncall hand-off [--to PERSON] [--note TEXT] | --acknowledge HAND-OFF',
  summary: 'hand over to whoever is next, with what is open and what happened; or acknowledge it',
  description:
    'The record holds what fires, how many findings are open, what opened and ended in the shift, how soon it was acknowledged, and the ' +
    'silences in force. Who takes over acknowledges it. It changes no shift: for that there are overrides. Needs a running pgsteward.',
  examples: [
    'pgsteward oncall hand-off --note "the import of Tuesday is still slow"',
    'pgsteward oncall hand-off --acknowledge HND-3',
  ],
  options: {
    to: { type: 'string', example: 'PERSON', help: 'who takes over (default: whoever is primary next)' },
    note: { type: 'string', example: 'TEXT', help: 'what the numbers do not say' },
    acknowledge: { type: 'string', example: 'HND-3', help: 'it was read by who takes over' },
    ...ACTOR_OPTION,
    ...SERVER_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, ...context }) {
    const server = await runningServer(await configOf(context, options.config), options.server)
    const path =
      options.acknowledge === undefined
        ? 'on-call/hand-offs'
        : `on-call/hand-offs/${encodeURIComponent(options.acknowledge)}/acknowledge`
    const handOff = await askServer(server, path, handOffWire, {
      ...(options.to === undefined ? {} : { to: options.to }),
      ...(options.note === undefined ? {} : { note: options.note }),
      actor: actorOf(options, context),
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(handOff, null, 2)}\n`
        : handOffLines(handOff, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const oncallIcal = defineCommand({
  name: 'oncall ical',
  usage: 'oncall ical [--person ID]',
  summary: 'the shifts of the next three months as an iCalendar file',
  description:
    'Of everybody, or of one person. A calendar that keeps itself up to date subscribes to /api/v1/on-call/calendar.ics of a running ' +
    'pgsteward; beyond loopback with ?token= and onCall.calendarToken.',
  examples: ['pgsteward oncall ical > on-call.ics', 'pgsteward oncall ical --person anna > anna.ics'],
  options: { person: { type: 'string', example: 'ID', help: 'of this person alone' }, ...SERVER_OPTION },
  async run(_, options, { terminal, ...context }) {
    const config = await configOf(context, options.config)
    const server = await serverOf(config, options.server)
    const person = options.person ?? null
    if (server !== null) {
      const query = person === null ? '' : `?person=${encodeURIComponent(person)}`
      terminal.out(await askServerText(server, `on-call/calendar.ics${query}`))
      return EXIT.clean
    }
    terminal.note(ALONE)
    const now = new Date()
    terminal.out(onCallCalendar(plannedShifts(config, calendarWindow(now)), person, config, now))
    return EXIT.clean
  },
})

type Context = Pick<CommandContext, 'cwd' | 'env'>

function nowOf(config: Config, now: Date): OnCallNowWire {
  const setup = onCallSetup(config)
  if (setup === null) return notConfigured(now)
  return nowAnswer(config, setup, plannedShifts(config, nowWindow(now)), now, false)
}

/** Null: none answers. One that is named has to. */
async function serverOf(config: Config, named: string | undefined): Promise<ServerAddress | null> {
  const address = serverUrl(named) ?? (await serverAt(config))
  if (address !== null) return { address, token: tokenOf(config) }
  if (config.onCall === undefined) throw noSchedule()
  return null
}

async function configOf({ cwd, env }: Context, file: string | undefined): Promise<Config> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(file === undefined ? {} : { file }),
  })
  return config
}

function actorOf({ actor }: { readonly actor?: string | undefined }, { env }: Context): string {
  return actor ?? env.USER ?? 'cli'
}

function endOf(options: { readonly for?: string; readonly until?: string }, from: Date): Date {
  if (options.until !== undefined) return momentOf('--until', options.until)
  const ms = options.for === undefined ? null : parseDuration(options.for)
  if (ms !== null && ms > 0) return new Date(from.getTime() + ms)
  throw new StewardError(
    'usage',
    options.for === undefined ? 'until when?' : `--for ${options.for} is not a duration`,
    { hint: 'Write --for 4h, or --until 2026-12-24T18:00:00+01:00.' },
  )
}

function momentOf(option: string, text: string): Date {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new StewardError('usage', `${option} ${text} is not a time`, {
    hint: 'Write it as 2026-12-24T18:00:00+01:00; without an offset it is that of this machine.',
  })
}
