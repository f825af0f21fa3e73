// Every page of the repository: links lead to files that are there, and to headings that those have.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../../..')
const pages = ['*.md', '{docs,deploy,examples,bench}/**/*.md', 'packages/*/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: root, exclude: (name) => name.split('/').includes('node_modules') }),
)
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')
/** Code is no text: a link in it is an example. */
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** As GitHub names headings: in lower case, without punctuation, blanks as dashes; repeated ones are counted. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, heading] of text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const name = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    anchors.add(times === 0 ? name : `${name}-${times}`)
  }
  return anchors
}

function brokenLinks(page: string, text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].flatMap(([, link]) => {
    if (/^[a-z][a-z+.-]*:/i.test(link!)) return []
    const [path = '', anchor] = link!.split('#', 2)
    const target = path === '' ? page : join(dirname(page), decodeURIComponent(path))
    if (!existsSync(join(root, target))) return [`${page}: ${link}`]
    const hasAnchor = anchor === undefined || !target.endsWith('.md') || anchorsOf(textOf(target)).has(anchor)
    return hasAnchor ? [] : [`${page}: ${link} (no such heading)`]
  })
}

test('no link of any page leads nowhere', () => {
  expect(pages.length).toBeGreaterThan(100)
  expect(pages.flatMap((page) => brokenLinks(page, textOf(page)))).toEqual([])
})

test('a broken one is named', () => {
  const text =
    '# A b\n[x](gone.md) [y](SECURITY.md#nowhere) [z](#a-b) [w](https://example.com/x) `[v](gone.md)`'
  expect(brokenLinks('README.md', text)).toEqual([
    'README.md: gone.md',
    'README.md: SECURITY.md#nowhere (no such heading)',
    // of the page itself, which is read from the repository
    'README.md: #a-b (no such heading)',
  ])
})
