// A check's page from Markdown to a tree. Only what those pages use: headings, paragraphs, lists, fenced code, tables,
// quotes, rules; inline code, bold, italic, links. HTML is not a feature: it stays text.

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'paragraph' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'rule' }

export interface ListItem {
  readonly children: readonly Inline[]
  readonly nested: readonly Block[]
}
export type Cell = readonly Inline[]

/** Only addresses that cannot run anything; a page of our own (name.md) and a fragment count too. */
export function safeHref(href: string): string | null {
  const plain = href.trim()
  if (/^(https?:\/\/|mailto:|#)/i.test(plain)) return plain
  return /^[\w./-]+\.md(#[\w-]*)?$/.test(plain) ? plain : null
}

const INLINE =
  /(?<code>`+)(?<codeText>[\s\S]*?[^`])\k<code>(?!`)|\*\*(?<strong>[\s\S]+?)\*\*|(?<![\w*])\*(?<star>[^*\s][^*]*?)\*(?![\w*])|(?<!\w)_(?<under>[^_\s][^_]*?)_(?!\w)|\[(?<label>[^\]]*)\]\((?<href>[^)\s]*)\)|<(?<auto>https?:\/\/[^>\s]+)>|\\(?<escaped>[\\`*_{}[\]()#+.!|<>-])/

export function parseInline(text: string): readonly Inline[] {
  const found: Inline[] = []
  let rest = text
  const push = (plain: string) => {
    if (plain === '') return
    const last = found.at(-1)
    if (last?.kind === 'text') found[found.length - 1] = { kind: 'text', text: last.text + plain }
    else found.push({ kind: 'text', text: plain })
  }
  for (let match = INLINE.exec(rest); match !== null; match = INLINE.exec(rest)) {
    const groups = match.groups ?? {}
    push(rest.slice(0, match.index))
    rest = rest.slice(match.index + match[0].length)
    const emphasis = groups.star ?? groups.under
    if (groups.codeText !== undefined) found.push({ kind: 'code', text: groups.codeText })
    else if (groups.strong !== undefined) found.push({ kind: 'strong', children: parseInline(groups.strong) })
    else if (emphasis !== undefined) found.push({ kind: 'emphasis', children: parseInline(emphasis) })
    else if (groups.escaped !== undefined) push(groups.escaped)
    else {
      const href = safeHref(groups.href ?? groups.auto ?? '')
      const label = groups.label ?? groups.auto ?? ''
      // an address that could run something: the words stay, the link goes
      if (href === null) push(label)
      else
        found.push({
          kind: 'link',
          href,
          children: groups.auto === undefined ? parseInline(label) : [{ kind: 'text', text: label }],
        })
    }
  }
  push(rest)
  return found
}

const ITEM = /^(?<indent> *)(?<mark>[-*+]|\d{1,9}[.)]) +(?<text>.*)$/
const FENCE = /^ *(?<fence>```+|~~~+) *(?<language>[\w+-]*).*$/

function cells(line: string): readonly Cell[] {
  const parts = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
  return parts.map((part) => parseInline(part.trim().replaceAll('\\|', '|')))
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === '' || /^#{1,6} /.test(line) || FENCE.test(line) || ITEM.test(line) || /^> ?/.test(line)
  )
}

export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  const line = () => lines[at] ?? ''
  while (at < lines.length) {
    const heading = /^(?<marks>#{1,6}) +(?<text>.*?)[ #]*$/.exec(line())
    const fence = FENCE.exec(line())?.groups
    if (line().trim() === '') at += 1
    else if (fence !== undefined) {
      const from = at + 1
      at = from
      while (
        at < lines.length &&
        !line()
          .trim()
          .startsWith(fence.fence ?? '```')
      )
        at += 1
      blocks.push({ kind: 'code', language: fence.language ?? '', text: lines.slice(from, at).join('\n') })
      at += 1
    } else if (heading !== null) {
      const { marks = '#', text = '' } = heading.groups ?? {}
      blocks.push({ kind: 'heading', level: marks.length, children: parseInline(text) })
      at += 1
    } else if (/^ {0,3}([-*_])( *\1){2,} *$/.test(line())) {
      blocks.push({ kind: 'rule' })
      at += 1
    } else if (line().includes('|') && /^ *\|?[ :|-]*-[ :|-]*$/.test(lines[at + 1] ?? '')) {
      const head = cells(line())
      const rows: (readonly Cell[])[] = []
      at += 2
      while (line().includes('|')) {
        rows.push(cells(line()))
        at += 1
      }
      blocks.push({ kind: 'table', head, rows })
    } else if (ITEM.test(line())) {
      const from = at
      at += 1
      while (at < lines.length) {
        const isNextItem = ITEM.test(line())
        const isIndented = /^ {2,}\S/.test(line())
        const isBlankInside =
          line().trim() === '' && (ITEM.test(lines[at + 1] ?? '') || /^ {2,}\S/.test(lines[at + 1] ?? ''))
        const isLazy = line().trim() !== '' && !startsBlock(line())
        if (!isNextItem && !isIndented && !isBlankInside && !isLazy) break
        at += 1
      }
      blocks.push(listOf(lines.slice(from, at)))
    } else {
      const isQuote = /^> ?/.test(line())
      const from = at
      at += 1
      while (at < lines.length && (isQuote ? /^> ?/.test(line()) : !startsBlock(line()))) at += 1
      const text = lines.slice(from, at).map((each) => (isQuote ? each.replace(/^> ?/, '') : each.trim()))
      blocks.push({
        kind: isQuote ? 'quote' : 'paragraph',
        children: parseInline(text.join(isQuote ? '\n' : ' ')),
      })
    }
  }
  return blocks
}

function listOf(lines: readonly string[]): Block {
  const first = ITEM.exec(lines[0] ?? '')?.groups
  const indent = first?.indent?.length ?? 0
  const items: { text: string[]; nested: string[] }[] = []
  for (const line of lines) {
    const item = ITEM.exec(line)?.groups
    const last = items.at(-1)
    if (item !== undefined && (item.indent?.length ?? 0) <= indent)
      items.push({ text: [item.text ?? ''], nested: [] })
    else if (last !== undefined && (item !== undefined || last.nested.length > 0 || FENCE.test(line)))
      last.nested.push(line)
    else if (line.trim() !== '') last?.text.push(line.trim())
  }
  return {
    kind: 'list',
    isOrdered: /^\d/.test(first?.mark ?? ''),
    items: items.map(({ text, nested }) => ({
      children: parseInline(text.join(' ')),
      nested: nested.length === 0 ? [] : parseMarkdown(dedent(nested)),
    })),
  }
}

function dedent(lines: readonly string[]): string {
  const depths = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const depth = Math.min(...depths)
  return lines.map((line) => line.slice(depth)).join('\n')
}
