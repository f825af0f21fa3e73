// What a request shows to be known by, and where it says it comes from.

import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

/** Null: no token is shown. */
export function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null
}

export function bears(request: FastifyRequest, token: string): boolean {
  return isSameToken(bearerOf(request) ?? '', token)
}

export function isSameToken(text: string, token: string): boolean {
  const given = Buffer.from(text)
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Of `name:port` or `[address]:port`, in lower case; empty where it is neither: what is half understood is not believed. */
export function hostname(hostHeader: string | undefined): string {
  return /^(\[[\da-f:.]+\]|[^[\]:@/\s]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '')?.[1]?.toLowerCase() ?? ''
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}
