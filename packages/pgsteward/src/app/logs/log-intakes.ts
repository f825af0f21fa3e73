// The logs of all targets: which sources each has, and where pushed text goes.

import { followFiles } from '../../collect/logs/follow-files.ts'
import type { LogSource } from '../../collect/logs/log-source.ts'
import { type PushedLines, pushedLines } from '../../collect/logs/pushed-lines.ts'
import { serverFiles } from '../../collect/logs/server-files.ts'
import { listenForSyslog, type SyslogListener } from '../../collect/logs/syslog.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { LOG_RULES } from '../../logs/classes/all.ts'
import { StewardError } from '../../model/error.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { LogClass } from '../../model/log-event.ts'
import type { Milliseconds } from '../../model/units.ts'
import { openSession } from '../../postgres/connect.ts'
import type { KeptLogEvent } from '../../store/logs/log-store.ts'
import type { Store } from '../../store/store.ts'
import type { Config, TargetConfig } from '../config/config-schema.ts'
import { rowsOf } from '../reading.ts'
import { LogIntake } from './log-intake.ts'

export interface LogTarget {
  readonly id: string
  readonly config: TargetConfig
  readonly snapshot: () => Snapshot | null
}

export interface LogIntakesOptions {
  readonly targets: readonly LogTarget[]
  readonly store: Store
  readonly config: Config['logs']
  readonly now: () => Date
  /** True while no other process watches the target. */
  readonly mayRead: (targetId: string) => boolean
  readonly onPlan?: (targetId: string, event: KeptLogEvent) => Promise<void>
  readonly onFailure?: (targetId: string, error: unknown) => void
}

/** The target's own log_line_prefix is worth a moment. */
const WAIT_FOR_SETTINGS_MS: Milliseconds = 15_000

const SEVERITIES: ReadonlyMap<string, LogClass['severity']> = new Map(
  LOG_RULES.map(({ id, severity }) => [id, severity]),
)

export class LogIntakes {
  readonly #options: LogIntakesOptions
  readonly #pushed = new Map<string, PushedLines>()
  readonly #listeners: SyslogListener[] = []
  #intakes: readonly LogIntake[] = []
  #starting: Promise<void> | null = null

  constructor(options: LogIntakesOptions) {
    this.#options = options
    for (const { id, config } of options.targets)
      if (config.logs.http || config.logs.syslog !== undefined) this.#pushed.set(id, pushedLines())
  }

  start(): void {
    this.#starting ??= this.#start()
  }

  /** Where text for a target is put; undefined: no such target, or it takes none. */
  pushedTo(targetId: string): PushedLines | undefined {
    return this.#pushed.get(targetId)
  }

  async stop(): Promise<void> {
    await this.#starting
    await Promise.all(this.#listeners.map((listener) => listener.close()))
    await Promise.all(this.#intakes.map((intake) => intake.stop()))
  }

  async #start(): Promise<void> {
    const intakes: LogIntake[] = []
    for (const target of this.#options.targets) {
      try {
        intakes.push(...(await this.#intakesOf(target)))
      } catch (error) {
        this.#options.onFailure?.(target.id, error)
      }
    }
    this.#intakes = intakes
    for (const intake of intakes) intake.start()
    for (const target of this.#options.targets)
      await this.#listen(target).catch((error: unknown) => this.#options.onFailure?.(target.id, error))
  }

  /** Read and pushed text apart: what is pushed comes to this process alone, whoever watches the target. */
  async #intakesOf(target: LogTarget): Promise<readonly LogIntake[]> {
    const { store, now, mayRead } = this.#options
    const { files, sql } = target.config.logs
    const read: LogSource[] = []
    if (files.length > 0 || sql) {
      const known = await store.logPositions(target.id)
      if (files.length > 0) read.push(followFiles({ patterns: files, known: withoutSql(known), now }))
      if (sql)
        read.push(serverFiles({ open: () => openSession(target.config.url, { purpose: 'log' }), known, now }))
    }
    const pushed = this.#pushed.get(target.id)
    const startedAt = now().getTime()
    const knowsSettings = () =>
      target.snapshot() !== null || now().getTime() - startedAt > WAIT_FOR_SETTINGS_MS
    return [
      ...(read.length === 0 ? [] : [this.#intake(target, read, () => knowsSettings() && mayRead(target.id))]),
      ...(pushed === undefined ? [] : [this.#intake(target, [pushed], knowsSettings)]),
    ]
  }

  #intake(target: LogTarget, sources: readonly LogSource[], mayRead: () => boolean): LogIntake {
    const { store, config, now, onPlan, onFailure } = this.#options
    const { format, prefix } = target.config.logs
    return new LogIntake({
      targetId: target.id,
      store,
      sources,
      reading: () => ({ format, prefix: prefix ?? prefixOf(target.snapshot()) }),
      severityOf: (classId) => SEVERITIES.get(classId) ?? 'info',
      keepMs: config.keep,
      slowFromMs: config.slowFrom,
      now,
      mayRead,
      ...(onPlan === undefined ? {} : { onPlan: (event) => onPlan(target.id, event) }),
      onFailure: (error) => onFailure?.(target.id, error),
    })
  }

  async #listen({ id, config }: LogTarget): Promise<void> {
    const { syslog } = config.logs
    const lines = this.#pushed.get(id)
    if (syslog === undefined || lines === undefined) return
    const { host, port } = syslog
    const told = new Set<string>()
    try {
      this.#listeners.push(
        await listenForSyslog({
          host,
          port,
          lines,
          onLost: (because) => {
            // once each: a flood must not flood our own log
            if (told.size < 20 && !told.has(because)) this.#options.onFailure?.(id, new Error(because))
            told.add(because)
          },
        }),
      )
    } catch (error) {
      throw new StewardError('port-in-use', `syslog for ${id} cannot listen on ${host}:${port}`, {
        detail: (error as Error).message,
        hint: 'Choose another targets[].logs.syslog.port; those below 1024 need root.',
        cause: error,
      })
    }
  }
}

function prefixOf(snapshot: Snapshot | null): string | null {
  return settingNamed(rowsOf(snapshot, settings) ?? [], 'log_line_prefix')?.value ?? null
}

function withoutSql<T>(known: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...known].filter(([source]) => source !== 'sql'))
}
