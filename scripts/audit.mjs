// npm run audit: known vulnerabilities of what is shipped. Fails from high on; a registry without such a service is told, and fails nothing.

import { spawnSync } from 'node:child_process'

const LEVELS = ['low', 'moderate', 'high', 'critical']
const FAILS_FROM = 'high'

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const report = read(stdout)
if (report?.auditReportVersion === undefined) {
  const because = report?.message ?? report?.error?.summary ?? stderr.trim().split('\n').at(-1) ?? 'no answer'
  process.stdout.write(`Not audited: the registry answered no audit (${because}).\n`)
} else {
  const found = Object.values(report.vulnerabilities)
  for (const { name, severity, range, fixAvailable } of found)
    process.stdout.write(`${severity}: ${name} ${range}${fixAvailable ? ', a fix is available' : ''}\n`)
  const failing = found.filter(({ severity }) => LEVELS.indexOf(severity) >= LEVELS.indexOf(FAILS_FROM))
  process.stdout.write(
    `${found.length} known vulnerabilities in what is shipped, ${failing.length} from ${FAILS_FROM} on.\n`,
  )
  process.exitCode = failing.length > 0 ? 1 : 0
}

function read(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
