// What the Logs page says of its figures.

import type { LogClassCountWire, LogEventWire } from 'pgsteward/wire'
import { formatBytes, formatCount, formatMs, plural } from '../format.ts'

/** `3 critical messages and 40 warnings among 5,300`. */
export function logSentence(classes: readonly LogClassCountWire[]): string {
  const sum = (severity: string | null) =>
    classes.reduce(
      (total, each) => total + (severity === null || each.severity === severity ? each.count : 0),
      0,
    )
  const [critical, warnings, all] = [sum('critical'), sum('warning'), sum(null)]
  if (all === 0) return 'The log says nothing in this range.'
  const grave = [
    critical === 0 ? null : plural(critical, 'critical message'),
    warnings === 0 ? null : plural(warnings, 'warning'),
  ].filter((each) => each !== null)
  if (grave.length === 0) return `${plural(all, 'message')} in this range, none that needs someone.`
  return `${grave.join(' and ')} among ${plural(all, 'message')} in this range.`
}

const FIGURE_NAME = /(?<=[a-z])(?=[A-Z])/

/** `sizeBytes` as `size`, in the unit that the name ends in. */
export function figureWords(name: string, value: string | number): readonly [name: string, value: string] {
  const words = (text: string) => text.split(FIGURE_NAME).join(' ').toLowerCase()
  const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  if (typeof value === 'string') return [sentence(words(name)), value]
  if (name.endsWith('Bytes')) return [sentence(words(name.slice(0, -5))), formatBytes(value)]
  if (name.endsWith('Ms')) return [sentence(words(name.slice(0, -2))), formatMs(value)]
  if (/pid$/i.test(name)) return [sentence(words(name)), String(value)]
  return [sentence(words(name)), formatCount(value)]
}

/** On one line: the message, and of a statement its text. */
export function eventLine({ message, query, durationMs }: LogEventWire): string {
  if (durationMs !== null && query !== null) return `${formatMs(durationMs)}  ${query}`
  return message.split('\n')[0] ?? ''
}

/** The configuration that would read this target's log, as text to copy. */
export function configurationLines(id: string, suggestedFile: string | null): string {
  return `export default {
  targets: [
    {
      id: '${id}',
      url: '…',
      logs: { files: '${suggestedFile ?? '/var/log/postgresql/*.log'}' },
    },
  ],
}`
}
