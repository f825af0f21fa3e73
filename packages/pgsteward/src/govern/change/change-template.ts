// A change as a Markdown file that is filled in, and the empty one that comes with pgsteward.

export const CHANGE_TEMPLATE = `# What is changed, in a few words

- risk: low
- type: normal
- finding:
- migration:

## Why

What is it for? What happens without it?

## Plan

1. What is done, step by step, with the exact statements.

## Rollback

1. How it is taken back, and how long that takes.
`

const LISTS = { finding: 'findings', migration: 'migrations', job: 'jobs' } as const

/** What it says; parts without words are left out. Headings of its own stay part of the text that they stand in. */
export function readChangeTemplate(source: string): Record<string, string | readonly string[]> {
  const read: Record<string, string> = {}
  const lists: Record<string, string[]> = {}
  let section: 'why' | 'plan' | 'rollback' | null = null
  for (const line of source.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const title = section === null ? /^#\s+(.+)$/.exec(line)?.[1] : undefined
    const heading = /^##\s+(why|plan|rollback)\s*$/i.exec(line)?.[1]?.toLowerCase()
    if (heading === 'why' || heading === 'plan' || heading === 'rollback') section = heading
    else if (title !== undefined) read.title = title.trim()
    else if (section !== null) read[section] = `${read[section] ?? ''}${line}\n`
    else {
      const [, key = '', value = ''] = /^\s*[-*]\s*(\w+):\s*(.+)$/.exec(line) ?? []
      const list = Object.hasOwn(LISTS, key) ? LISTS[key as keyof typeof LISTS] : undefined
      if (list !== undefined) lists[list] = [...(lists[list] ?? []), value.trim()]
      else if (key === 'risk' || key === 'type') read[key] = value.trim()
    }
  }
  const told = Object.entries(read).map(([key, text]) => [key, text.trim()] as const)
  return { ...Object.fromEntries(told.filter(([, text]) => text !== '')), ...lists }
}
