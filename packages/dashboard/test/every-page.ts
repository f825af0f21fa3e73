// Addresses of the pages, by name.

import type { Route } from '../src/route.ts'
import { PAGES } from './pages.ts'

export type PageName = Exclude<Route['page'], 'not-found'>

export const PAGE_NAMES = Object.keys(PAGES).filter((name) => name !== 'not-found') as readonly PageName[]

export const EVERY_PAGE = Object.fromEntries(
  PAGE_NAMES.map((name) => [name, PAGES[name].path] as const),
) as Readonly<Record<PageName, string>>
