// Rows of facts for unit tests: ordinary values, of which a test names those that matter to it.

import type { SettingRow } from '../src/facts/settings.ts'

export function settingRow(over: Partial<SettingRow> & Pick<SettingRow, 'name' | 'value'>): SettingRow {
  return {
    unit: null,
    builtInValue: null,
    context: 'sighup',
    source: 'default',
    isSetByAlterSystem: false,
    needsRestart: false,
    ...over,
  }
}
