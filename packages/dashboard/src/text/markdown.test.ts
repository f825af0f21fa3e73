import { describe, expect, it } from 'vitest'
import { parseInline, parseMarkdown, safeHref } from './markdown.ts'

const text = (value: string) => ({ kind: 'text', text: value })

describe('parseMarkdown', () => {
  it('reads headings and joins the lines of a paragraph', () => {
    expect(parseMarkdown('# Unused index\n\nCosts space\nand writes.\n## Next ##')).toEqual([
      { kind: 'heading', level: 1, children: [text('Unused index')] },
      { kind: 'paragraph', children: [text('Costs space and writes.')] },
      { kind: 'heading', level: 2, children: [text('Next')] },
    ])
  })

  it('keeps fenced code as it is, even when it looks like Markdown or never ends', () => {
    expect(parseMarkdown('```sql\n# no heading\n\nselect 1\n```\nafter')).toEqual([
      { kind: 'code', language: 'sql', text: '# no heading\n\nselect 1' },
      { kind: 'paragraph', children: [text('after')] },
    ])
    expect(parseMarkdown('```\nselect')).toEqual([{ kind: 'code', language: '', text: 'select' }])
  })

  it('reads lists with wrapped items, nested lists and numbers', () => {
    expect(parseMarkdown('- one\n  more\n- two\n  - inner\n\n1. first\n2. second')).toEqual([
      {
        kind: 'list',
        isOrdered: false,
        items: [
          { children: [text('one more')], nested: [] },
          {
            children: [text('two')],
            nested: [{ kind: 'list', isOrdered: false, items: [{ children: [text('inner')], nested: [] }] }],
          },
          // a list of another kind after a blank line joins the list, as in the loose form
          { children: [text('first')], nested: [] },
          { children: [text('second')], nested: [] },
        ],
      },
    ])
  })

  it('reads tables, with code and escaped bars in cells', () => {
    expect(parseMarkdown('| Option | Default |\n|---|---:|\n| `a\\|b` | 30d |\n\nend')).toEqual([
      {
        kind: 'table',
        head: [[text('Option')], [text('Default')]],
        rows: [[[{ kind: 'code', text: 'a|b' }], [text('30d')]]],
      },
      { kind: 'paragraph', children: [text('end')] },
    ])
  })

  it('tells a rule from a list, and reads quotes', () => {
    expect(parseMarkdown('---\n> wise\n> words').map((block) => block.kind)).toEqual(['rule', 'quote'])
  })

  it('leaves HTML as text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', children: [text('<img src=x onerror=alert(1)>')] },
    ])
  })

  it('ends on any input', () => {
    for (const odd of [
      '|',
      '- ',
      '>',
      '```',
      '#',
      '1.',
      '| a\n|-',
      '\n\n\n',
      '**',
      '[x](',
      '****',
      '- \n\n\n  x',
    ]) {
      expect(Array.isArray(parseMarkdown(odd))).toBe(true)
    }
  })
})

describe('parseInline', () => {
  it('reads code, bold, italic and links, nested', () => {
    expect(parseInline('a `b*c*` **d *e*** [f](https://g.h)')).toEqual([
      text('a '),
      { kind: 'code', text: 'b*c*' },
      text(' '),
      { kind: 'strong', children: [text('d *e')] },
      text('* '),
      { kind: 'link', href: 'https://g.h', children: [text('f')] },
    ])
  })

  it('leaves the underscores and stars of names alone', () => {
    expect(parseInline('pg_stat_user_tables and 2 * 3 * 4')).toEqual([
      text('pg_stat_user_tables and 2 * 3 * 4'),
    ])
  })

  it('keeps the words of a link that could run something, without the link', () => {
    expect(parseInline('[click](javascript:alert(1))')).toEqual([text('click)')])
    expect(parseInline('[click](data:text/html,x)')).toEqual([text('click')])
  })
})

describe('safeHref', () => {
  it.each([
    ['https://www.postgresql.org/docs/', 'https://www.postgresql.org/docs/'],
    ['unused-index.md', 'unused-index.md'],
    ['#how-to-fix-it', '#how-to-fix-it'],
    ['javascript:alert(1)', null],
    [' JaVaScRiPt:alert(1)', null],
    ['//evil.example', null],
    ['data:text/html,<script>', null],
    ['', null],
  ])('judges %s', (href, safe) => {
    expect(safeHref(href)).toBe(safe)
  })
})
