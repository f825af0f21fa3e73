// Colours for a terminal; the same words without them when piped.

import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

export function paint(isColoured: boolean) {
  const style = (name: Style) => (text: string) =>
    isColoured ? styleText(name, text, { validateStream: false }) : text
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    yellow: style('yellow'),
    green: style('green'),
    cyan: style('cyan'),
    underline: style('underline'),
  }
}
