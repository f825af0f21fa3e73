// A call of a coding agent, as a line of the log.

import type { McpCall } from '../mcp/call-tool.ts'
import { plain } from './render-check.ts'

export function mcpCallLine({ by, tool, target, outcome, because, tookMs }: McpCall): string {
  const on = target === null ? '' : ` on ${target}`
  const why = because === null ? '' : `: ${because}`
  return `${plain(`mcp: ${by} ${tool}${on} ${outcome} in ${tookMs} ms${why}`.replace(/\s+/g, ' '))}\n`
}
