// Holds the colours of both themes to a contrast that tired eyes can read.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DASHBOARD_ROOT } from './build.ts'

const css = readFileSync(join(DASHBOARD_ROOT, 'src/styles/tokens.css'), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

const GROUNDS = ['ground', 'sunken', 'raised', 'hover']
const TEXTS = ['text', 'text-muted', 'accent', 'critical', 'warning', 'info', 'resolved']

const PAIRS = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...['accent', 'critical', 'warning', 'info', 'resolved'].map((name) => [name, `${name}-ground`] as const),
  ['text', 'critical-ground'] as const,
  ['on-accent', 'accent'] as const,
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(PAIRS)('%s on %s has at least 4.5:1', (text, ground) => {
    expect(
      contrast(tokens.get(text)?.[theme] ?? '', tokens.get(ground)?.[theme] ?? ''),
    ).toBeGreaterThanOrEqual(4.5)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('series %d stands out from the page by 3:1', (place) => {
    const line = tokens.get(`series-${place}`)?.[theme] ?? ''
    expect(contrast(line, tokens.get('ground')?.[theme] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
