// pgsteward load k6: a scenario as a script for k6, or as what k6-operator needs on a cluster. Nothing is run, nothing is sent.

import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type K6Files, k6Files } from '../../app/load/k6-files.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { defineCommand, JSON_OPTION, type Terminal } from '../command.ts'
import { scalesOf } from '../load-scales.ts'
import { plain } from '../render-check.ts'

const USAGE = 'load k6 SCENARIO [--out FILE] [--operator N --out-dir DIR] [--target URL]'
const MAX_RUNNERS = 1000

export const loadK6 = defineCommand({
  name: 'load k6',
  usage: USAGE,
  summary: 'write a scenario as a k6 script, or as a TestRun for k6-operator',
  description:
    'The script is one file in TypeScript, which k6 runs as it is: stages, flows by weight, cookies, extraction, checks, think times, ' +
    'tables and thresholds, each request tagged with its name, feature and flow. With --operator N it comes with the manifests of a ' +
    'TestRun for N runners, each of which leaves its points on a volume; pgsteward load import --merge makes one run of them, with ' +
    'percentiles of all requests. To run k6 from here: pgsteward load run SCENARIO --engine k6.',
  examples: [
    'pgsteward load k6 smoke --target https://staging.example --out smoke.ts',
    'pgsteward load k6 load --operator 4 --out-dir k8s --target https://staging.example',
  ],
  options: {
    out: { type: 'string', example: 'FILE', help: 'write the script there (default: print it)' },
    target: {
      type: 'string',
      example: 'URL',
      help: 'where the load goes unless TARGET says otherwise (default http://127.0.0.1:3000)',
    },
    operator: { type: 'string', example: 'N', help: 'for k6-operator, with so many runners' },
    'out-dir': { type: 'string', example: 'DIR', help: 'where the manifests go (default k8s)' },
    scale: { type: 'string', example: '0.1', help: 'factor on time and on users or rate' },
    'time-scale': { type: 'string', example: '0.1', help: 'factor on time alone' },
    'users-scale': { type: 'string', example: '2', help: 'factor on users or rate alone' },
    ...JSON_OPTION,
  },
  async run([scenario, ...rest], options, { terminal, cwd }) {
    if (scenario === undefined)
      throw new StewardError('usage', 'which scenario?', {
        detail: `usage: pgsteward ${USAGE}`,
        hint: 'pgsteward load scenarios lists those that are built in; a file is named by its path.',
      })
    if (rest.length > 0) throw new StewardError('usage', `"${rest[0]}" is one argument too many`)
    const runners = options.operator === undefined ? null : runnersOf(options.operator)
    if (runners === null && options['out-dir'] !== undefined)
      throw new StewardError('usage', '--out-dir is for --operator', {
        hint: 'A script alone goes to --out FILE.',
      })
    if (runners !== null && options.out !== undefined)
      throw new StewardError('usage', '--operator writes several files', {
        hint: 'Give --out-dir DIR instead of --out.',
      })
    const files = await k6Files({
      scenario,
      cwd,
      target: targetOf(options.target),
      ...scalesOf(options),
      ...(options.out === undefined ? {} : { fileName: basename(options.out) }),
      runners,
    })
    const written =
      runners !== null
        ? await writeAll(resolve(cwd, options['out-dir'] ?? 'k8s'), files)
        : options.out === undefined
          ? []
          : [await write(resolve(cwd, options.out), files.script)]
    if (options.json) terminal.out(`${JSON.stringify({ ...files, written }, null, 2)}\n`)
    else if (written.length === 0) terminal.out(files.script)
    else tell(files, written, runners, terminal)
    return EXIT.clean
  },
})

function tell(
  { environment }: K6Files,
  written: readonly string[],
  runners: number | null,
  { out }: Terminal,
): void {
  for (const path of written) out(`${plain(path)}\n`)
  const needs = environment.map((name) => ` -e ${name}=...`).join('')
  out(
    runners === null
      ? `run it: k6 run${needs} --out json=points.json.gz ${plain(written[0]!)}\nthen:   pgsteward load import points.json.gz\n`
      : `apply them: kubectl apply -f ${plain(written[0]!.replace(/[^/]*$/, ''))}; testrun.yaml says how the results are read\n`,
  )
}

async function writeAll(dir: string, { manifests, script }: K6Files): Promise<readonly string[]> {
  try {
    await mkdir(dir, { recursive: true })
  } catch (cause) {
    throw notWritten(dir, cause)
  }
  const paths: string[] = []
  for (const { name, text } of manifests) paths.push(await write(join(dir, name), text))
  return [...paths, await write(join(dir, 'scenario.ts'), script)]
}

async function write(path: string, text: string): Promise<string> {
  try {
    await writeFile(path, text)
    return path
  } catch (cause) {
    throw notWritten(path, cause)
  }
}

function notWritten(path: string, cause: unknown): StewardError {
  return new StewardError('file-not-written', `${path} could not be written`, {
    detail: (cause as Error).message,
    cause,
  })
}

function runnersOf(text: string): number {
  const runners = Number(text)
  if (!Number.isInteger(runners) || runners < 1 || runners > MAX_RUNNERS)
    throw new StewardError('usage', `--operator ${text} is no number of runners`, {
      hint: `A whole number from 1 to ${MAX_RUNNERS}.`,
    })
  return runners
}

function targetOf(text = 'http://127.0.0.1:3000'): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new StewardError('usage', `--target ${plain(text)} is no address`, {
      hint: 'Scheme, host and port, such as http://127.0.0.1:3000',
    })
  return url.origin
}
