// What a finding of a rule shows where others show their check's page: that it is a rule of this configuration, and what to do.

import type { RuleConfig } from './rule-schema.ts'

export function rulePage(id: string, rule: RuleConfig): string {
  const { runbook, ...rest } = rule
  const shown = Object.entries(rest).filter(
    ([, value]) => value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0),
  )
  return [
    `\`${id}\``,
    '',
    '## What it means',
    '',
    `A rule of your own, \`rules['${id}']\` of the configuration. Durations are in milliseconds, shares of 1.`,
    '',
    '| Key | Value |',
    '|---|---|',
    ...shown.map(([key, value]) => `| ${key} | ${cell(value)} |`),
    '',
    '## How to fix it',
    '',
    runbook === undefined ? 'The rule names no runbook: add `runbook` to it.' : `Runbook: <${runbook}>`,
    '',
  ].join('\n')
}

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll('\n', ' ')}\``
}
