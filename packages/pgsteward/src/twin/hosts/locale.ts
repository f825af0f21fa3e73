// Which collation a twin's database gets: it decides whether a plain index serves LIKE, and how texts are ordered in histograms.

import { literal } from '../../sql/quote.ts'
import type { StatisticsFile } from '../statistics/statistics-file.ts'

type Server = StatisticsFile['server']

/** Texts are compared byte by byte, and a plain B-tree serves LIKE 'x%'. */
export function isPlainC(server: Server): boolean {
  if (server.localeProvider === 'builtin') return server.versionNum >= 170_000 && server.locale === 'C'
  return server.localeProvider === 'libc' && (server.collate === 'C' || server.collate === 'POSIX')
}

/** PGlite has no other locales: where the target has one, LIKE plans as there, but texts are ordered by their bytes. */
export function pgliteLocale(server: Server): 'C' | 'C.UTF-8' {
  return isPlainC(server) ? 'C' : 'C.UTF-8'
}

/** Clauses of create database, the target's own first, then what is nearest. */
export function nativeLocales(server: Server): readonly string[] {
  const encoding = `encoding ${literal(server.encoding)}`
  const libc = `lc_collate ${literal(server.collate)} lc_ctype ${literal(server.ctype)}`
  const own = {
    libc: server.versionNum >= 150_000 ? `${encoding} locale_provider libc ${libc}` : `${encoding} ${libc}`,
    icu: `${encoding} locale_provider icu icu_locale ${literal(server.locale ?? 'und')} lc_collate 'C' lc_ctype 'C'`,
    builtin: `${encoding} locale_provider builtin builtin_locale ${literal(server.locale ?? 'C')} lc_collate 'C' lc_ctype 'C'`,
  }[server.localeProvider]
  return [own, "lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'", "lc_collate 'C.utf8' lc_ctype 'C.utf8'", '']
}
