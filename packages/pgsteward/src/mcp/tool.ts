// A tool as data: its name, what it takes and answers, which scope it needs, and what it does.

import type { z } from 'zod'
import type { Views } from '../app/views.ts'
import type { McpGrant, McpScope } from '../model/mcp-scope.ts'

export interface ToolContext {
  readonly views: Views
  readonly grant: McpGrant
  readonly now: Date
  /** Aborted when who asked no longer wants it. */
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Answer<Output extends z.ZodObject> {
  /** A sentence or two: what a reader learns at once. */
  readonly text: string
  readonly data: z.input<Output>
}

export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** snake_case */
  readonly name: string
  readonly title: string
  /** For a model: when to use it, and what it does not do. */
  readonly description: string
  readonly scope: McpScope
  /** False: it leaves something in pgsteward's store. No tool changes a target. */
  readonly isReadOnly: boolean
  readonly input: Input
  readonly output: Output
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<Answer<Output>>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of tools of different inputs has no narrower type
export type AnyTool = Tool<any, any>

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}
