// Names what is missing for any class of log messages: its page with all headings, a line in the corpus; and pages without a class.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { LOG_CLASSES, LOG_RULES } from '../../src/logs/classes/all.ts'
import { LOG_AREAS } from '../../src/model/log-event.ts'
import { realCorpus, writtenCorpus } from './read-corpus.ts'

const folder = resolve(import.meta.dirname, '../../../../docs/logs')
const HEADINGS = ['What it means', 'What to do', 'An example line', 'Settings that log it']

test.each(LOG_CLASSES.map((logClass) => [logClass.id, logClass] as const))(
  '%s has its page',
  (id, logClass) => {
    const path = `${folder}/${id}.md`
    expect(existsSync(path)).toBe(true)
    const page = readFileSync(path, 'utf8')
    expect([...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(HEADINGS)
    expect(page.split('\n')[0]).toBe(`# ${logClass.title}`)
    expect(page).toContain(`\`${id}\``)
  },
)

test('no page stands without a class', () => {
  const known = new Set(LOG_CLASSES.map(({ id }) => `${id}.md`)).add('README.md')
  expect(readdirSync(folder).filter((name) => !known.has(name))).toEqual([])
})

test('ids are stable words and stand once', () => {
  const ids = LOG_CLASSES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([])
  expect(ids).not.toContain('unknown')
})

test('a SQLSTATE stands for one class', () => {
  const states = LOG_RULES.flatMap((rule) => rule.without ?? [])
  expect(states.filter((state, index) => states.indexOf(state) !== index)).toEqual([])
})

test('no text stands twice, but where severities part them', () => {
  const texts = LOG_RULES.flatMap((rule) => rule.texts.map((text) => `${text} ${rule.only?.join() ?? ''}`))
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
})

test('a class that can be met by text has a line in the corpus', () => {
  const seen = new Set([
    ...realCorpus().flatMap((file) => [...file.expected.values()]),
    ...writtenCorpus('written').map((written) => written.class),
  ])
  expect(LOG_RULES.filter((rule) => !seen.has(rule.id)).map((rule) => rule.id)).toEqual([])
})

test('the table of all classes is up to date (run with -u)', async () => {
  await expect(tableOfClasses()).toMatchFileSnapshot(`${folder}/README.md`)
})

function tableOfClasses(): string {
  const parts = LOG_AREAS.map((area) => {
    const rows = LOG_CLASSES.filter((logClass) => logClass.area === area).map(
      ({ id, title, severity }) => `| [${id}](${id}.md) | ${title} | ${severity} |`,
    )
    return `## ${area} (${rows.length})\n\n| Class | What happened | Severity |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  return `# Classes of log messages

${LOG_CLASSES.length} classes, known by PostgreSQL's own wording of 14 to 18 and, where a text is new or in another language, by
SQLSTATE. A message that none of them takes is counted as \`unknown\`. The severity is that of one such event.

${parts.join('\n')}`
}
