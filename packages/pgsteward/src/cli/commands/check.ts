// pgsteward check URL: one shot or a short watch, no store, with an exit code for CI.

import { loadConfig } from '../../app/config/load-config.ts'
import { runCheck } from '../../app/run-check.ts'
import { selectChecks } from '../../app/select-checks.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import type { CheckReport } from '../../model/check-report.ts'
import { EXIT } from '../../model/error.ts'
import { atLeast, SEVERITIES, type Severity } from '../../model/finding.ts'
import { checkReportJunit } from '../../report/check-report/junit.ts'
import { checkReportMarkdown } from '../../report/check-report/markdown.ts'
import { checkReportSarif } from '../../report/check-report/sarif.ts'
import { formatDuration } from '../../report/format.ts'
import { durationOption, oneOf, requireUrl } from '../arguments.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION, type Terminal } from '../command.ts'
import { renderCheck } from '../render-check.ts'
import { version } from '../version.ts'

const FORMATS = ['text', 'json', 'markdown', 'sarif', 'junit'] as const
const GATES = [...SEVERITIES, 'never'] as const

export const check = defineCommand({
  name: 'check',
  usage:
    'check URL [--for 3m --every 10s] [--format text|json|markdown|sarif|junit] [--fail-on critical|warning|info|never]',
  summary: 'look once, or for some minutes, and say what is wrong; needs no store',
  description:
    'Reads statistics with a role that has pg_monitor, runs every check and prints what it found with evidence and remedy. ' +
    'One shot judges what can be judged from the state of things; with --for it also sees rates, waits and blocking. ' +
    'It never writes to the target. Exit code 1 means that something at or above --fail-on was found.',
  examples: [
    'pgsteward check postgres://monitor:secret@db.example.com/shop',
    'pgsteward check $DATABASE_URL --for 3m --every 10s',
    'pgsteward check $DATABASE_URL --format sarif --fail-on warning > findings.sarif',
  ],
  options: {
    for: { type: 'string', example: '3m', help: 'watch this long before judging' },
    every: { type: 'string', example: '10s', help: 'time between readings while watching (default 10s)' },
    format: { type: 'string', short: 'f', example: 'FORMAT', help: `${FORMATS.join(', ')} (default text)` },
    'fail-on': {
      type: 'string',
      example: 'SEVERITY',
      help: `least severity that ends in exit code 1: ${GATES.join(', ')} (default critical)`,
    },
    only: {
      type: 'string',
      multiple: true,
      example: 'CHECK',
      help: 'run this check or area alone; may be given several times',
    },
    verbose: {
      type: 'boolean',
      help: 'also show how to undo each remedy, and which checks were skipped, and why',
    },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env, signal }) {
    const url = requireUrl(positionals, env, 'check')
    const format = options.json ? 'json' : oneOf('--format', options.format, FORMATS, 'text')
    const failOn = oneOf('--fail-on', options['fail-on'], GATES, 'critical')
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    const { checks, options: checkOptions } = selectChecks(ALL_CHECKS, config, options.only)
    const report = await runCheck({
      url,
      checks,
      options: checkOptions,
      forMs: durationOption('--for', options.for, 0),
      everyMs: Math.max(1000, durationOption('--every', options.every, 10_000)),
      now: () => new Date(),
      signal,
      onProgress: (elapsedMs, ofMs) =>
        terminal.progress(`watching: ${formatDuration(elapsedMs)} of ${formatDuration(ofMs)}`),
    })
    terminal.out(render(report, format, failOn, terminal, options.verbose === true))
    return failOn !== 'never' && report.findings.some((finding) => atLeast(finding.severity, failOn))
      ? EXIT.gate
      : EXIT.clean
  },
})

function render(
  report: CheckReport,
  format: (typeof FORMATS)[number],
  failOn: (typeof GATES)[number],
  terminal: Terminal,
  verbose: boolean,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`
    case 'markdown':
      return checkReportMarkdown(report)
    case 'sarif':
      return checkReportSarif(report, version())
    case 'junit':
      return checkReportJunit(report, failOn === 'never' ? ('critical' satisfies Severity) : failOn)
    case 'text':
      return renderCheck(report, terminal, verbose)
  }
}
