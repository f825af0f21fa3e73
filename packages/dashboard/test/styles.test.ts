// Stylesheets that come with a page stay when the page is left: what one of them calls by a name, no other file may call so too, or a
// page looks different after another was visited.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DASHBOARD_ROOT } from './build.ts'

const STYLES = join(DASHBOARD_ROOT, 'src/styles')
const always = readFileSync(join(DASHBOARD_ROOT, 'src/main.tsx'), 'utf8')

const files = readdirSync(STYLES).map((name) => {
  const css = readFileSync(join(STYLES, name), 'utf8').replace(/\/\*.*?\*\//gs, '')
  const selectors = [...css.matchAll(/([^{}]+)\{/g)].flatMap(([, list]) =>
    list!.split(',').map((each) => each.trim()),
  )
  return { name, isOfPage: !always.includes(`/${name}'`), selectors }
})

/** Classes with which selectors begin. */
const classesOf = (selectors: readonly string[]) =>
  new Set(selectors.flatMap((each) => /^\.([\w-]+)/.exec(each)?.[1] ?? []))

it('no two pages call different things by one class', () => {
  const own = files.filter(({ isOfPage }) => isOfPage)
  expect(own.length).toBeGreaterThan(5)
  const twice = own.flatMap(({ name, selectors }, place) =>
    own.slice(place + 1).flatMap((other) => {
      const others = classesOf(other.selectors)
      return [...classesOf(selectors)].flatMap((each) =>
        others.has(each) ? [`.${each}: ${name}, ${other.name}`] : [],
      )
    }),
  )
  expect(twice).toEqual([])
})

it("no page changes what is every page's", () => {
  const shared = new Set(files.filter(({ isOfPage }) => !isOfPage).flatMap(({ selectors }) => selectors))
  const changed = files
    .filter(({ isOfPage }) => isOfPage)
    .flatMap(({ name, selectors }) =>
      selectors.flatMap((each) => (/^\.[\w-]+$/.test(each) && shared.has(each) ? [`${each}: ${name}`] : [])),
    )
  expect(changed).toEqual([])
})
