// What a target's settings leave out of its log, and the statement that puts each in.

import { type SettingRow, settingMs, settingNamed } from '../../facts/settings.ts'
import { literal } from '../../sql/quote.ts'

export interface LackingLogSetting {
  readonly name: string
  /** Null: there is no such setting. */
  readonly value: string | null
  readonly advised: string
  readonly lost: string
  readonly sql: string
  readonly needsRestart: boolean
}

const ADVISED_PREFIX = '%m [%p] %q%u@%d %a '

/** Beyond these the log is silent on what most incidents are about. */
const SLOW_MS = 1000

interface Wanted {
  readonly name: string
  readonly advised: string
  readonly lost: string
  readonly isFine: (row: SettingRow) => boolean
}

const WANTED: readonly Wanted[] = [
  {
    name: 'log_line_prefix',
    advised: ADVISED_PREFIX,
    lost: 'when it was, which session, user, database and application',
    isFine: ({ value }) => /%[mtn]/.test(value) && ['p', 'u', 'd', 'a'].every((each) => has(value, each)),
  },
  {
    name: 'log_lock_waits',
    advised: 'on',
    lost: 'who waited for a lock, for whom and for how long',
    isFine: ({ value }) => value === 'on',
  },
  {
    name: 'log_min_duration_statement',
    advised: '1s',
    lost: 'single slow statements, with their parameters',
    isFine: (row) => {
      const ms = settingMs(row)
      return ms !== null && ms >= 0 && ms <= SLOW_MS
    },
  },
  {
    name: 'log_temp_files',
    advised: '10MB',
    lost: 'which statements spill to disk, and how much',
    isFine: ({ value }) => Number(value) >= 0,
  },
  {
    name: 'log_autovacuum_min_duration',
    advised: '1min',
    lost: 'long runs of autovacuum, with what they did',
    isFine: ({ value }) => Number(value) >= 0,
  },
  {
    name: 'log_checkpoints',
    advised: 'on',
    lost: 'checkpoints and what they wrote',
    isFine: ({ value }) => value === 'on',
  },
]

/** `preloadLibraries` null: the role may not see them, so nothing is said of auto_explain. */
export function lackingLogSettings(rows: readonly SettingRow[]): readonly LackingLogSetting[] {
  const lacking = WANTED.flatMap(({ name, advised, lost, isFine }) => {
    const row = settingNamed(rows, name)
    if (row === undefined || isFine(row)) return []
    return [
      {
        name,
        value: shown(row),
        advised,
        lost,
        sql: `alter system set ${name} = ${literal(advised)}`,
        needsRestart: false,
      },
    ]
  })
  return [...lacking, ...withoutPlans(rows)]
}

/** auto_explain: plans as they really ran. */
function withoutPlans(rows: readonly SettingRow[]): readonly LackingLogSetting[] {
  const lost = 'the plans of slow statements, as they really ran'
  const threshold = settingNamed(rows, 'auto_explain.log_min_duration')
  if (threshold !== undefined && Number(threshold.value) >= 0) return []
  if (threshold !== undefined)
    return [
      {
        name: 'auto_explain.log_min_duration',
        value: threshold.value,
        advised: '1s',
        lost,
        sql: "alter system set auto_explain.log_min_duration = '1s'",
        needsRestart: false,
      },
    ]
  const libraries = settingNamed(rows, 'session_preload_libraries')
  // a role without pg_monitor does not see it
  if (libraries === undefined) return []
  const all = [libraries.value, 'auto_explain'].filter((each) => each !== '').join(', ')
  return [
    {
      name: 'auto_explain',
      value: null,
      advised: 'loaded, log_min_duration 1s, log_format json',
      lost,
      // new sessions have it at once; shared_preload_libraries would need a restart
      sql: `alter system set session_preload_libraries = ${all
        .split(', ')
        .map((each) => literal(each))
        .join(
          ', ',
        )}; alter system set auto_explain.log_min_duration = '1s'; alter system set auto_explain.log_format = 'json'`,
      needsRestart: false,
    },
  ]
}

/** Takes a padding as well: %-10u. */
function has(prefix: string, letter: string): boolean {
  return new RegExp(`%-?\\d*${letter}`).test(prefix)
}

function shown({ value, unit }: SettingRow): string {
  return value === '-1' || unit === null ? value : `${value} ${unit}`
}

/** The file that the server says it writes, for a configuration to name. Null: it writes none, or hides it. */
export function logFileOf(rows: readonly SettingRow[]): string | null {
  const value = (name: string) => settingNamed(rows, name)?.value
  const folder = value('log_directory')
  const name = value('log_filename')
  if (value('logging_collector') !== 'on' || folder === undefined || name === undefined) return null
  const data = value('data_directory')
  if (!folder.startsWith('/') && data === undefined) return null
  const base = folder.startsWith('/') ? folder : `${data}/${folder}`
  const destinations = value('log_destination') ?? ''
  const ending = destinations.includes('jsonlog')
    ? '.json'
    : destinations.includes('csvlog')
      ? '.csv'
      : '.log'
  // strftime's escapes stand for what changes with time
  return `${base}/${name.replace(/(?:%[a-zA-Z]([-_])?)+/g, '*').replace(/\.\w+$/, '')}${ending}`.replace(
    /\*+/g,
    '*',
  )
}
