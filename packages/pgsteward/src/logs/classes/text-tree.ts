// All texts of the catalogue by the words they begin with, so that a message is compared with a few of them only.

import type { CompiledText } from './compile-text.ts'

interface Node {
  readonly next: Map<string, Node>
  /** Texts whose whole words before the first hole end here, the ones that say most first. */
  readonly texts: CompiledText[]
}

export interface TextTree {
  /** Gives the texts that may match to `accept`, the likeliest first, until it takes one. */
  readonly find: (message: string, accept: (text: CompiledText) => boolean) => CompiledText | null
}

/** Longer beginnings tell nothing more. */
const MAX_WORDS = 6

export function textTree(texts: readonly CompiledText[]): TextTree {
  const root: Node = { next: new Map(), texts: [] }
  for (const text of texts) {
    let node = root
    for (const word of wholeWords(text)) {
      let next = node.next.get(word)
      if (next === undefined) {
        next = { next: new Map(), texts: [] }
        node.next.set(word, next)
      }
      node = next
    }
    node.texts.push(text)
  }
  sortTexts(root)

  const find = (
    node: Node,
    message: string,
    from: number,
    accept: (text: CompiledText) => boolean,
  ): CompiledText | null => {
    if (node.next.size > 0 && from < message.length) {
      const space = message.indexOf(' ', from)
      const end = space === -1 ? message.length : space
      // no word of a text is longer; the guard keeps a huge message without spaces from being cut and hashed
      const next = end - from > 40 ? undefined : node.next.get(message.slice(from, end))
      const found = next === undefined ? null : find(next, message, end + 1, accept)
      if (found !== null) return found
    }
    for (const text of node.texts) if (accept(text)) return text
    return null
  }
  return { find: (message, accept) => find(root, message, 0, accept) }
}

/** The words of what a text begins with, but a last one that a hole may lengthen. */
function wholeWords(text: CompiledText): readonly string[] {
  const words = text.literals[0]!.split(' ')
  return (text.holes.length === 0 ? words : words.slice(0, -1)).slice(0, MAX_WORDS)
}

function sortTexts(node: Node): void {
  node.texts.sort((a, b) => b.weight - a.weight)
  for (const next of node.next.values()) sortTexts(next)
}
