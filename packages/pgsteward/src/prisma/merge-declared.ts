// What schema.prisma and the migrations declare as one list. The migrations say more (predicates, expressions, INCLUDE), so where both
// speak of an index theirs holds; where they disagree, that is said.

import { definitionText } from '../sql/index-definition.ts'
import { unlike } from '../sql/same-index.ts'
import { type Declared, type DeclaredIndex, isSameTable, type Problem } from './declared-index.ts'

export function mergeDeclared(migrations: Declared, schema: Declared): Declared {
  const merged = [...migrations.indexes]
  const problems: Problem[] = [...migrations.problems, ...schema.problems]
  for (const index of schema.indexes) {
    const onTable = merged.filter((each) => isSameTable(each, index))
    const place = merged.findIndex(
      (each) =>
        isSameTable(each, index) &&
        (each.name === index.name || (!index.isNamed && isSameToPrisma(index, each))),
    )
    const found = merged[place] ?? onTable.find((each) => unlike(index, each) === null)
    const where = index.declaredIn[0] ?? ''
    if (found === undefined) {
      merged.push(index)
      problems.push({ where, because: `no migration makes ${index.name} ${definitionText(index)}` })
      continue
    }
    if (!isSameToPrisma(index, found))
      problems.push({
        where,
        because: `${index.name} is ${definitionText(index)} here, and ${definitionText(found)} in ${found.declaredIn.join(', ')}, which counts`,
      })
    merged[merged.indexOf(found)] = { ...found, declaredIn: [...found.declaredIn, ...index.declaredIn] }
  }
  return { indexes: merged, problems }
}

/** Prisma's view of an index: INCLUDE columns are keys, and nulls, operator classes of B-trees and collations are not there. */
function isSameToPrisma(declared: DeclaredIndex, actual: DeclaredIndex): boolean {
  const view = ({ method, keys, include, isUnique }: DeclaredIndex) =>
    JSON.stringify([
      method,
      isUnique,
      [
        ...keys.map(({ column, isDescending }) => [column, method === 'btree' && isDescending]),
        ...include.map((column) => [column, false]),
      ],
    ])
  return view(declared) === view(actual)
}
