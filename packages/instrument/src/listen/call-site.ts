// Where in the application's source something was called: the first frame that is not a library's. Costs microseconds, so callers
// sample it.

import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CallSite } from '../record/drained.ts'

/** Looked at first: enough where the application calls the driver itself, and cheaper by half. */
const FEW_FRAMES = 4
/** Libraries between the driver and the application stack up. */
const MANY_FRAMES = 20
/** Prisma's generated client lies in the application's own folder: `generated/prisma`, `generated/client`, by its file names. */
const GENERATED =
  /[\\/](?:node_modules|generated[\\/](?:prisma|client)|\.prisma)[\\/]|[\\/](?:runtime[\\/](?:client|library)|internal[\\/]class)\.[cm]?[jt]s$/
/** This package, wherever it is installed or linked. */
const OWN = new URL('..', import.meta.url)

/** Null when there is no frame of the application: a library's own timer, for example. `below` is left out with all above it. */
export function captureCallSite(below: (...args: never[]) => unknown): CallSite | null {
  return (
    firstOfApplication(captureFrames(below, FEW_FRAMES)) ??
    firstOfApplication(captureFrames(below, MANY_FRAMES))
  )
}

/** Frames not yet looked at: cheaper than a call site by half, for what is rarely read. */
export interface CapturedFrames {
  readonly holder: { stack?: unknown }
}

export function captureFramesLazily(below: (...args: never[]) => unknown): CapturedFrames {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = MANY_FRAMES
  const holder = {}
  Error.captureStackTrace(holder, below)
  Error.stackTraceLimit = stackTraceLimit
  return { holder }
}

export function callSiteOf(captured: CapturedFrames): CallSite | null {
  return firstOfApplication(withOwnPrepare(() => captured.holder.stack))
}

function captureFrames(below: (...args: never[]) => unknown, limit: number): unknown {
  return withOwnPrepare(() => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = limit
    const holder: { stack?: unknown } = {}
    Error.captureStackTrace(holder, below)
    Error.stackTraceLimit = stackTraceLimit
    return holder.stack
  })
}

/** Others (source-map-support, agents) set Error.prepareStackTrace too: it is theirs again at once. */
function withOwnPrepare(read: () => unknown): unknown {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_error, frames) => frames
  try {
    return read()
  } finally {
    // Deleting it would be another value than the undefined that Node starts with; both mean: none.
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace
  }
}

function firstOfApplication(frames: unknown): CallSite | null {
  if (!Array.isArray(frames)) return null
  for (const frame of frames as NodeJS.CallSite[]) {
    const path = pathOf(frame.getFileName())
    if (path !== null) return siteOf(path, frame.getLineNumber() ?? 0, frame.getFunctionName())
  }
  return null
}

/** Path of a source file by its name in frames; null: not the application's. Paths are dear: they are made once. */
const known = new Map<string, string | null>()

function pathOf(name: string | null | undefined): string | null {
  if (name === null || name === undefined) return null
  let path = known.get(name)
  if (path === undefined) {
    const isLibrary =
      name.startsWith('node:') || name.startsWith('internal/') || name.startsWith('evalmachine')
    path = isLibrary || GENERATED.test(name) || isOwn(name) ? null : sourcePath(name)
    if (known.size < MAX_KNOWN) known.set(name, path)
  }
  return path
}

function isOwn(name: string): boolean {
  if (/\.test\.[cm]?[jt]s$/.test(name)) return false
  return name.startsWith(OWN.href) || name.startsWith(fileURLToPath(OWN))
}

const sites = new Map<string, CallSite>()
const MAX_KNOWN = 2000

/** One object a place: thousands of statements may come from few of them. */
function siteOf(file: string, line: number, name: string | null): CallSite {
  const key = `${file}:${line}`
  const site = sites.get(key)
  if (site !== undefined && site.function === name) return site
  const made = { file, line, function: name }
  if (sites.size < MAX_KNOWN) sites.set(key, made)
  return made
}

/** Relative to the working folder, with forward slashes, so that instances on different machines agree. */
export function sourcePath(name: string): string {
  const path = name.startsWith('file:') ? fileURLToPath(name) : name
  const inFolder = relative(process.cwd(), path)
  return (inFolder === '' || inFolder.startsWith('..') ? path : inFolder).split(sep).join('/')
}
