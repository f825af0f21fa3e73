// Every command line of the README and of all pages: the command is there, and so are its options.

import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/all-commands.ts'
import { mistakeIn, pgstewardCalls } from '../ci/command-lines.ts'

const root = resolve(import.meta.dirname, '../../../..')
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md'].concat(
  ['docs/{guides,checks,runbooks}/**/*.md', 'deploy/**/*.md'].flatMap((each) =>
    globSync(each, { cwd: root }),
  ),
)

/** application_name of probes' sessions. */
const NAMES = new Set(['pgsteward probe'])
const isGroup = (word: string) => Object.keys(COMMANDS).some((name) => name.startsWith(`${word} `))

test.each(pages)('%s', async (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, body]) => body!)
  // in a sentence a command may stand for its group, and an option without its value
  const mentioned = [...text.matchAll(/`(pgsteward [^`]+)`/g)].map(([, call]) => call!)
  const mistakes = await Promise.all([
    ...blocks.flatMap(pgstewardCalls).map((call) => mistakeIn(call)),
    ...mentioned
      .filter((each) => !NAMES.has(each))
      .flatMap(pgstewardCalls)
      .map(async (call) => {
        const mistake = await mistakeIn(call)
        return mistake?.endsWith('lacks its value') || (call.length === 1 && isGroup(call[0]!))
          ? null
          : mistake
      }),
  ])
  expect(mistakes.filter((each) => each !== null)).toEqual([])
})
