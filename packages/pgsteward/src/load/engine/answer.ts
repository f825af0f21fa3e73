// A response as extraction and checks see it: text and JSON are read once, when the first of them asks.

import type { Answer } from './extract.ts'

export function answerOf(status: number, headers: Answer['headers'], chunks: readonly Buffer[]): Answer {
  let text: string | null = null
  let json: { readonly value: unknown } | null = null
  const readText = () => {
    text ??= chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString()
    return text
  }
  return {
    status,
    headers,
    text: readText,
    json: () => {
      json ??= { value: parsed(readText()) }
      return json.value
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
