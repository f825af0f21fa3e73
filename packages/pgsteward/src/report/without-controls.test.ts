import { expect, test } from 'vitest'
import { codeSpan } from './code-span.ts'
import { escapeMarkup } from './escape-markup.ts'
import { withoutControls } from './without-controls.ts'

test.each([
  ['colours and titles', '\u001b[31mred\u001b]0;owned\u0007', 'red'],
  ['C1 controls', '\u009b31mred\u0085', 'red'],
  ['overrides of direction', '\u202efdp.exe\u202c \u2066a\u2069', 'fdp.exe a'],
  ['carriage returns, by which a line is written over', 'all lost\rok', 'all lostok'],
])('%s go', (_name, text, left) => {
  expect(withoutControls(text)).toBe(left)
})

test('what people write stays', () => {
  const text = 'tab\tline\n日本語 שלום 👩\u200d👩\u200d👧 é'
  expect(withoutControls(text)).toBe(text)
})

test('neither markup nor code in Markdown lets one through', () => {
  const name = '\u001b[2J\u202e`name`'
  expect(codeSpan(name)).toBe('`` `name` ``')
  expect(escapeMarkup(name)).toBe('\\`name\\`')
})
