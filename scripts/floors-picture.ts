// The picture of the floors in ARCHITECTURE.md, out of the table that the architecture test holds the code to: what it draws is what holds.

import type { Floor } from '../packages/pgsteward/test/floors.ts'

const BEGIN = '<!-- floors: drawn by `npm run docs` from packages/pgsteward/test/floors.ts -->'
const END = '<!-- end of floors -->'

type Floors = Readonly<Record<string, Pick<Floor, 'floor' | 'mayImport'>>>

/** Who imports all that is below it, and the floor that everybody stands on: arrows of these would hide all others. */
const ROOT = 'app'
const GROUND = 0

/**
 * Mermaid; one row a floor, an arrow to what is imported that no other arrow leads to already (transitive reduction). The composition root
 * has one arrow, to the floor below it, and arrows to the ground are left to the table.
 */
export function floorsPicture(floors: Floors): string {
  const folders = Object.keys(floors)
  const levels = [...new Set(folders.map((each) => floors[each]!.floor))].sort((one, other) => other - one)
  const rowOf = (level: number) =>
    folders
      .filter((each) => floors[each]!.floor === level)
      .map(idOf)
      .join(' & ')
  return [
    '```mermaid',
    'flowchart TB',
    ...levels.flatMap((level) => [
      `  subgraph floor${level}["Floor ${level}"]`,
      '    direction LR',
      // "export" and the like are words of Mermaid
      ...folders
        .filter((each) => floors[each]!.floor === level)
        .map((each) => `    ${idOf(each)}["${each}/"]`),
      '  end',
    ]),
    // rows in their order, whatever the arrows would make of them
    ...levels.slice(1).map((level, at) => `  ${rowOf(levels[at]!)} ~~~ ${rowOf(level)}`),
    ...levels
      .filter((level) => level === floors[ROOT]?.floor)
      .map((level) => `  ${idOf(ROOT)} ==> floor${levels[levels.indexOf(level) + 1]}`),
    ...folders
      .filter((from) => from !== ROOT)
      .flatMap((from) => directOf(from, floors).map((to) => ({ from, to })))
      .filter(({ to }) => floors[to]!.floor !== GROUND)
      .map(({ from, to }) => `  ${idOf(from)} --> ${idOf(to)}`),
    '```',
  ].join('\n')
}

/** The page with its picture as it is now. Throws where it has no place for one. */
export function withFloorsPicture(page: string, floors: Floors): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`ARCHITECTURE.md has no place for the floors: ${BEGIN} ... ${END}`)
  return `${before}${BEGIN}\n\n${floorsPicture(floors)}\n\n${END}${after}`
}

const idOf = (folder: string): string => `f_${folder}`

function directOf(from: string, floors: Floors): readonly string[] {
  const named = floors[from]!.mayImport
  return named.filter((to) => !named.some((via) => via !== to && reaches(via, to, floors)))
}

function reaches(from: string, to: string, floors: Floors): boolean {
  return floors[from]!.mayImport.some((next) => next === to || reaches(next, to, floors))
}
