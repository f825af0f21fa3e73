// pgsteward baseline compare: is head slower than base, by how much, and how sure is that?

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { compareFiles } from '../../app/gate/compare-files.ts'
import { FAIL_ON, isGateReached, policyOf, readGatePolicy } from '../../app/gate/read-gate-policy.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { comparisonJunit } from '../../report/comparison-junit.ts'
import { comparisonMarkdown } from '../../report/comparison-markdown.ts'
import { comparisonSarif } from '../../report/comparison-sarif.ts'
import { comparisonText } from '../../report/comparison-text.ts'
import { oneOf } from '../arguments.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { version } from '../version.ts'

const USAGE = 'baseline compare BASE HEAD... [--base FILE] [--fail-on VERDICT | --policy FILE] [--json]'

export const baselineCompare = defineCommand({
  name: 'baseline compare',
  usage: USAGE,
  summary: 'judge runs against a baseline or other runs, with statistics',
  description:
    'Files are runs (pgsteward load run --out), baselines (all their runs count) or what k6 and other tools wrote. Several HEADs are ' +
    'repetitions, and so are several bases (--base, again and again); one file is enough when it holds both sides of an experiment. ' +
    'Each endpoint is judged at p50, p95 and p99 as far as there are requests enough. A slowdown gets a band (critical over 25 %, ' +
    'high 15 to 25, medium 10 to 15, low 5 to 10) only where the repetitions support it: the lower bound is above 5 % and the p-value, ' +
    'adjusted for all comparisons, small. One run against one supports nothing: it is inconclusive, with the repetitions that would ' +
    'decide. Exit code 1 on fail, and on invalid: runs of different scenarios, scales, engines or hosts are never compared.',
  examples: [
    'pgsteward baseline compare benchmarks/main-baseline.json head-1.json head-2.json head-3.json',
    'pgsteward baseline compare base-1.json head-1.json head-2.json --base base-2.json --markdown comment.md',
    'pgsteward baseline compare experiment.json --fail-on inconclusive --json',
  ],
  options: {
    base: { type: 'string', multiple: true, example: 'FILE', help: 'more runs of the base' },
    'fail-on': {
      type: 'string',
      example: 'VERDICT',
      help: `${FAIL_ON.join(', ')}: the mildest verdict with exit code 1 (default fail)`,
    },
    policy: {
      type: 'string',
      example: 'FILE',
      help: 'JSON: fail or pass for each of fail, warn, inconclusive, invalid',
    },
    markdown: { type: 'string', example: 'FILE', help: 'write markdown, for a comment or a job summary' },
    junit: { type: 'string', example: 'FILE', help: 'write JUnit XML' },
    sarif: { type: 'string', example: 'FILE', help: 'write SARIF' },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd }) {
    const [first, ...heads] = positionals
    const more = options.base ?? []
    if (first === undefined) throw new StewardError('usage', 'which runs?', { hint: `pgsteward ${USAGE}` })
    if (options.policy !== undefined && options['fail-on'] !== undefined)
      throw new StewardError('usage', '--policy and --fail-on exclude each other', {
        hint: 'A policy file says for each verdict whether it fails.',
      })
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON, 'fail')
    const policy =
      options.policy === undefined ? policyOf(failOn) : await readGatePolicy(resolve(cwd, options.policy))
    const path = (name: string) => resolve(cwd, name)
    const comparison = await compareFiles([first, ...more].map(path), heads.map(path))
    if (options.markdown !== undefined) await save(path(options.markdown), comparisonMarkdown(comparison))
    if (options.junit !== undefined) await save(path(options.junit), comparisonJunit(comparison))
    if (options.sarif !== undefined)
      await save(path(options.sarif), comparisonSarif(comparison, version(), heads.at(-1) ?? first))
    terminal.out(
      options.json
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : comparisonText(comparison, paint(terminal.isColoured)),
    )
    return isGateReached(comparison, policy) ? EXIT.gate : EXIT.clean
  },
})

async function save(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (cause) {
    throw new StewardError('file-not-written', `${path} can't be written`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}
