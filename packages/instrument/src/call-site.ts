// Where in the application's source something was called: the first frame that is not a library's. Costs microseconds, so callers
// sample it.

import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CallSite } from './drained.ts'

/** Libraries between the driver and the application stack up; Prisma and Express need about ten. */
const FRAMES = 16
/** Prisma's generated client lies in the application's own folder: `generated/prisma`, `generated/client`, by its file names. */
const GENERATED =
  /[\\/](?:node_modules|generated[\\/](?:prisma|client)|\.prisma)[\\/]|[\\/](?:runtime[\\/](?:client|library)|internal[\\/]class)\.[cm]?[jt]s$/
/** This package, wherever it is installed or linked. */
const OWN = new URL('.', import.meta.url)

/** Null when there is no frame of the application: a library's own timer, for example. `below` is left out with all above it. */
export function captureCallSite(below: (...args: never[]) => unknown): CallSite | null {
  return firstOfApplication(captureFrames(below))
}

/** Frames not yet looked at: cheaper than a call site by half, for what is rarely read. */
export interface CapturedFrames {
  readonly holder: { stack?: unknown }
}

export function captureFramesLazily(below: (...args: never[]) => unknown): CapturedFrames {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = FRAMES
  const holder = {}
  Error.captureStackTrace(holder, below)
  Error.stackTraceLimit = stackTraceLimit
  return { holder }
}

export function callSiteOf(captured: CapturedFrames): CallSite | null {
  return firstOfApplication(withOwnPrepare(() => captured.holder.stack))
}

function captureFrames(below: (...args: never[]) => unknown): unknown {
  return withOwnPrepare(() => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = FRAMES
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
    const name = frame.getFileName()
    if (!isOfApplication(name)) continue
    return { file: sourcePath(name), line: frame.getLineNumber() ?? 0, function: frame.getFunctionName() }
  }
  return null
}

const known = new Map<string, boolean>()

function isOfApplication(name: string | null | undefined): name is string {
  if (name === null || name === undefined) return false
  let isOf = known.get(name)
  if (isOf === undefined) {
    isOf = !(
      name.startsWith('node:') ||
      name.startsWith('internal/') ||
      name.startsWith('evalmachine') ||
      GENERATED.test(name) ||
      isOwn(name)
    )
    if (known.size < 2000) known.set(name, isOf)
  }
  return isOf
}

function isOwn(name: string): boolean {
  if (/\.test\.[cm]?[jt]s$/.test(name)) return false
  return name.startsWith(OWN.href) || name.startsWith(fileURLToPath(OWN))
}

/** Relative to the working folder, with forward slashes, so that instances on different machines agree. */
export function sourcePath(name: string): string {
  const path = name.startsWith('file:') ? fileURLToPath(name) : name
  const inFolder = relative(process.cwd(), path)
  return (inFolder === '' || inFolder.startsWith('..') ? path : inFolder).split(sep).join('/')
}
