import { describe, expect, it } from 'vitest'
import type { SettingRow } from '../../facts/settings.ts'
import { lackingLogSettings, logFileOf } from './log-settings.ts'

const row = (name: string, value: string, unit: string | null = null): SettingRow => ({
  name,
  value,
  unit,
  builtInValue: value,
  context: 'sighup',
  source: 'default',
  isSetByAlterSystem: false,
  needsRestart: false,
})

const FULL = [
  row('log_line_prefix', '%m [%p] %q%u@%d %-10a '),
  row('log_lock_waits', 'on'),
  row('log_min_duration_statement', '250', 'ms'),
  row('log_temp_files', '0', 'kB'),
  row('log_autovacuum_min_duration', '600000', 'ms'),
  row('log_checkpoints', 'on'),
  row('auto_explain.log_min_duration', '1000', 'ms'),
  row('session_preload_libraries', ''),
]
const changed = (name: string, value: string) =>
  FULL.map((each) => (each.name === name ? { ...each, value } : each))
const lacking = (rows: readonly SettingRow[]) => lackingLogSettings(rows).map(({ name }) => name)

describe('what a log leaves out', () => {
  it('is nothing where all is set, or where the settings are not known', () => {
    expect(lacking(FULL)).toEqual([])
    expect(lacking([])).toEqual([])
  })
  it.each([
    ['log_line_prefix', ''],
    ['log_line_prefix', '%m [%p] %u@%d '],
    ['log_lock_waits', 'off'],
    ['log_min_duration_statement', '-1'],
    ['log_min_duration_statement', '60000'],
    ['log_temp_files', '-1'],
    ['log_autovacuum_min_duration', '-1'],
    ['log_checkpoints', 'off'],
    ['auto_explain.log_min_duration', '-1'],
  ])('is told for %s = "%s", with the statement that mends it', (name, value) => {
    const [found, ...others] = lackingLogSettings(changed(name, value))
    expect(others).toEqual([])
    expect(found).toMatchObject({ name, sql: expect.stringMatching(`^alter system set ${name} = '`) })
  })
  it('adds auto_explain to the libraries that are there', () => {
    const rows = [
      ...FULL.filter(({ name }) => !/auto_explain|preload/.test(name)),
      row('session_preload_libraries', 'pg_hint_plan'),
    ]
    expect(lackingLogSettings(rows)[0]?.sql).toMatch(
      /^alter system set session_preload_libraries = 'pg_hint_plan', 'auto_explain'; alter system set auto_explain/,
    )
  })
})

describe('the file', () => {
  const files = (over: Readonly<Record<string, string>>) =>
    logFileOf(
      Object.entries({
        logging_collector: 'on',
        log_directory: 'log',
        log_filename: 'postgresql-%Y-%m-%d_%H%M%S.log',
        data_directory: '/var/lib/postgresql/18/main',
        log_destination: 'stderr',
        ...over,
      }).map(([name, value]) => row(name, value)),
    )
  it.each([
    [{}, '/var/lib/postgresql/18/main/log/postgresql-*.log'],
    [{ log_destination: 'stderr,jsonlog' }, '/var/lib/postgresql/18/main/log/postgresql-*.json'],
    [{ log_directory: '/var/log/pg', log_filename: 'pg.log' }, '/var/log/pg/pg.log'],
    [{ logging_collector: 'off' }, null],
  ])('%j is %s', (over, expected) => {
    expect(files(over)).toBe(expected)
  })
})
