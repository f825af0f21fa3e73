// pgsteward doctor URL: what is there, what is missing, the exact statement that mends it, and what is lost without it.

import { runDoctor } from '../../app/run-doctor.ts'
import type { Diagnosis } from '../../evaluate/diagnose.ts'
import { EXIT } from '../../model/error.ts'
import { requireUrl } from '../arguments.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'

export const doctor = defineCommand({
  name: 'doctor',
  usage: 'doctor URL',
  summary: 'check connection, TLS, version, role, extensions, settings and pooler',
  description:
    'Opens one read-only session and says, for each thing that full depth needs, whether it is there. For what is missing it ' +
    'prints the exact statement that mends it and what is lost without it. Exit code 1 means that something is missing.',
  examples: ['pgsteward doctor postgres://monitor:secret@db.example.com/shop'],
  options: { ...JSON_OPTION },
  async run(positionals, options, { terminal, env }) {
    const report = await runDoctor(requireUrl(positionals, env, 'doctor'))
    if (options.json) {
      const { version, versionNum, role, database, user } = report.server
      terminal.out(
        `${JSON.stringify({ server: { version, versionNum, role, database, user }, aspects: report.lines }, null, 2)}\n`,
      )
    } else {
      terminal.out(
        `${report.lines.flatMap((line) => diagnosisLines(line, terminal.isColoured)).join('\n')}\n`,
      )
    }
    return report.lines.some((line) => line.status === 'missing') ? EXIT.gate : EXIT.clean
  },
})

export function diagnosisLines(line: Diagnosis, isColoured: boolean): string[] {
  const { green, yellow, red, dim, bold } = paint(isColoured)
  const style = { ok: green, note: yellow, missing: (text: string) => red(bold(text)), unavailable: dim }[
    line.status
  ]
  const indent = ' '.repeat(12)
  const lines = [`${style(line.status.padEnd(11))} ${bold(line.aspect)}: ${plain(line.message)}`]
  if (line.status !== 'ok' && line.lost !== undefined)
    lines.push(`${indent}${dim(`without it: ${line.lost}`)}`)
  for (const mend of line.mend ?? [])
    lines.push(
      `${indent}${green(/^(alter|create|grant|select) /.test(mend) ? `${plain(mend)};` : plain(mend))}`,
    )
  return lines
}
