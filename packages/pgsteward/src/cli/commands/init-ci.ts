// pgsteward init ci: a GitHub Actions workflow that judges pull requests, and what it needs.

import { resolve } from 'node:path'
import { initCi } from '../../app/ci/init-ci.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { oneOf } from '../arguments.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

const DESIGNS = ['interleaved', 'duet'] as const

export const initCiCommand = defineCommand({
  name: 'init ci',
  usage: 'init ci [--dir .] [--force]',
  summary: 'write a GitHub Actions workflow that judges pull requests',
  description:
    'Writes .github/workflows/pgsteward.yml: base and head of a pull request loaded on the same runner (load ab), its migrations and ' +
    'known statements planned at production’s sizes (plan-check, where the branch pgsteward-statistics is), one comment each that is ' +
    'updated from push to push, a job summary, JUnit, SARIF and artifacts; known vulnerabilities of what is shipped. Code of the pull request runs with a token that only reads. ' +
    'Commands are taken from package.json, lock file and Prisma’s folder. A starter scenario (load/ci.ts) and a configuration are ' +
    'written where there are none. What is there stays: --force replaces the workflow alone.',
  examples: ['pgsteward init ci', 'pgsteward init ci --dir apps/api --scenario load/checkout.ts --force'],
  options: {
    dir: { type: 'string', example: '.', help: 'the project’s folder (default here)' },
    scenario: {
      type: 'string',
      example: 'NAME',
      help: 'built in or a file (default: the first file in load/, or a new load/ci.ts)',
    },
    design: { type: 'string', example: 'NAME', help: `${DESIGNS.join(', ')} (default interleaved)` },
    health: { type: 'string', example: 'PATH', help: 'of the application (default /health)' },
    'no-audit': { type: 'boolean', help: 'leave out the job that looks for known vulnerabilities' },
    force: { type: 'boolean', help: 'replace the workflow that is there' },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `"${positionals[0]}" is one argument too many`, {
        hint: 'pgsteward init ci --dir FOLDER',
      })
    const health = options.health ?? '/health'
    const scenario = options.scenario ?? null
    // both stand in a shell command of the workflow
    if (!/^\/[\w./-]*$/.test(health))
      throw new StewardError('usage', `--health ${health} is no plain path`, {
        hint: 'It begins with a slash and has letters, digits, dots and dashes.',
      })
    if (scenario !== null && !/^[\w./@-]+$/.test(scenario))
      throw new StewardError('usage', `--scenario ${scenario} is no plain name`, {
        hint: 'A scenario’s id or a file’s path, without blanks.',
      })
    const result = await initCi({
      dir: resolve(cwd, options.dir ?? '.'),
      isForced: options.force ?? false,
      design: oneOf('--design', options.design, DESIGNS, 'interleaved'),
      health,
      isAudited: options['no-audit'] !== true,
      scenario,
    })
    if (options.json) {
      terminal.out(`${JSON.stringify(result, null, 2)}\n`)
      return EXIT.clean
    }
    const { bold, green, dim } = paint(terminal.isColoured)
    terminal.out(
      [
        ...result.written.map((name) => `${green('written')}  ${name}`),
        ...result.kept.map((name) => dim(`kept     ${name}, which is there already`)),
        '',
        bold('What now'),
        ...result.next.map((step, index) => `  ${index + 1}. ${step}`),
        '',
      ].join('\n'),
    )
    return EXIT.clean
  },
})
