// A check's page on the page: parsed Markdown as React elements, so that text can never become markup.

import type { ReactNode } from 'react'
import { Link } from '../link.tsx'
import { type Block, type Inline, parseMarkdown } from './markdown.ts'
import { SqlBlock } from './sql-text.tsx'

export function MarkdownView(props: { readonly source: string }): ReactNode {
  const blocks = parseMarkdown(props.source)
  // the page's own title stands above it already
  const [first, ...rest] = blocks
  const shown = first?.kind === 'heading' && first.level === 1 ? rest : blocks
  return (
    <div className="markdown">
      {numbered(shown, (block) => (
        <BlockView block={block} />
      ))}
    </div>
  )
}

/** A parsed text never changes its order, so places are names. */
function numbered<T>(items: readonly T[], draw: (item: T) => ReactNode): ReactNode {
  return items.map((item, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Keyed key={place}>{draw(item)}</Keyed>
  ))
}

const Keyed = (props: { readonly children: ReactNode }) => props.children

function BlockView(props: { readonly block: Block }): ReactNode {
  const { block } = props
  switch (block.kind) {
    case 'heading':
      return block.level <= 2 ? <h3>{inline(block.children)}</h3> : <h4>{inline(block.children)}</h4>
    case 'paragraph':
      return <p>{inline(block.children)}</p>
    case 'quote':
      return <blockquote>{inline(block.children)}</blockquote>
    case 'rule':
      return <hr />
    case 'code':
      return <SqlBlock sql={block.text} label="Copy" isPlain={!/^(sql|psql|)$/i.test(block.language)} />
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul'
      return (
        <List>
          {numbered(block.items, (item) => (
            <li>
              {inline(item.children)}
              {numbered(item.nested, (nested) => (
                <BlockView block={nested} />
              ))}
            </li>
          ))}
        </List>
      )
    }
    case 'table':
      return (
        <div className="scroll-x">
          <table>
            <thead>
              <tr>
                {numbered(block.head, (cell) => (
                  <th>{inline(cell)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {numbered(block.rows, (row) => (
                <tr>
                  {numbered(row, (cell) => (
                    <td>{inline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
  }
}

function inline(parts: readonly Inline[]): ReactNode {
  return numbered(parts, (part) => {
    switch (part.kind) {
      case 'text':
        return part.text
      case 'code':
        return <code>{part.text}</code>
      case 'strong':
        return <strong>{inline(part.children)}</strong>
      case 'emphasis':
        return <em>{inline(part.children)}</em>
      case 'link': {
        // a page of another check is its row in the list of checks
        const check = /([\w-]+)\.md(#.*)?$/.exec(part.href)?.[1]
        if (/^(https?|mailto):/i.test(part.href))
          return (
            <a href={part.href} target="_blank" rel="noreferrer">
              {inline(part.children)}
            </a>
          )
        return check === undefined ? (
          inline(part.children)
        ) : (
          <Link to={{ page: 'checks' }} params={{ q: check }}>
            {inline(part.children)}
          </Link>
        )
      }
    }
  })
}
