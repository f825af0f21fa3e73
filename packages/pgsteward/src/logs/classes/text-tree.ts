// All texts of the catalogue by the words they begin with, so that a message is compared with a few of them only.

import type { LogEntry } from '../../model/log-event.ts'
import { type CompiledText, hasAt } from './compile-text.ts'

interface Branch {
  readonly word: string
  readonly node: Node
}

interface Node {
  /** By the first two characters of the next word: cheaper than cutting words out of messages to look them up. */
  readonly next: Map<number, Branch[]>
  /** Texts whose whole words before the first hole end here, the ones that say most first. */
  readonly texts: CompiledText[]
}

export interface TextTree {
  /** Gives the texts that may match to `accept`, the likeliest first, until it takes one. */
  readonly find: (message: string, entry: LogEntry, accept: Accept) => CompiledText | null
}

/** `known`: so many characters of the text are in the message. */
type Accept = (text: CompiledText, message: string, entry: LogEntry, known: number) => boolean

/** Longer beginnings tell nothing more. */
const MAX_WORDS = 6
const SPACE = 32

export function textTree(texts: readonly CompiledText[]): TextTree {
  const root: Node = { next: new Map(), texts: [] }
  for (const text of texts) {
    let node = root
    for (const word of wholeWords(text)) node = below(node, word)
    node.texts.push(text)
  }
  sortTexts(root)
  return { find: (message, entry, accept) => find(root, message, entry, accept) }
}

/** What lies on the way down of the message at hand; kept, since each needs one for a moment. */
const PATH: Node[] = []
const KNOWN: number[] = []

function find(root: Node, message: string, entry: LogEntry, accept: Accept): CompiledText | null {
  let node: Node | undefined = root
  let depth = 0
  let from = 0
  while (node !== undefined) {
    PATH[depth] = node
    KNOWN[depth] = from
    depth += 1
    if (node.next.size === 0 || from >= message.length) break
    const branch: Branch | undefined = branchAt(node, message, from)
    node = branch?.node
    if (branch !== undefined) from += branch.word.length + 1
  }
  while (depth > 0) {
    depth -= 1
    const { texts } = PATH[depth]!
    const known = Math.min(KNOWN[depth]!, message.length)
    for (let index = 0; index < texts.length; index += 1) {
      if (accept(texts[index]!, message, entry, known)) return texts[index]!
    }
  }
  return null
}

function branchAt(node: Node, message: string, from: number): Branch | undefined {
  const branches = node.next.get(message.charCodeAt(from) * 256 + charCodeOf(message, from + 1))
  if (branches === undefined) return undefined
  for (let index = 0; index < branches.length; index += 1) {
    const { word } = branches[index]!
    const end = from + word.length
    if (end < message.length && message.charCodeAt(end) !== SPACE) continue
    if (hasAt(message, word, from)) return branches[index]
  }
  return undefined
}

function below(node: Node, word: string): Node {
  const key = charCodeOf(word, 0) * 256 + charCodeOf(word, 1)
  const branches = node.next.get(key) ?? []
  node.next.set(key, branches)
  const known = branches.find((branch) => branch.word === word)
  if (known !== undefined) return known.node
  const fresh: Node = { next: new Map(), texts: [] }
  branches.push({ word, node: fresh })
  return fresh
}

/** A word of one character is followed by a space, or by nothing. */
function charCodeOf(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : SPACE
}

/** The words of what a text begins with, but a last one that a hole may lengthen. */
function wholeWords(text: CompiledText): readonly string[] {
  const words = text.literals[0]!.split(' ')
  return (text.holes.length === 0 ? words : words.slice(0, -1)).slice(0, MAX_WORDS)
}

function sortTexts(node: Node): void {
  node.texts.sort((a, b) => b.weight - a.weight)
  for (const branches of node.next.values()) for (const { node: next } of branches) sortTexts(next)
}
