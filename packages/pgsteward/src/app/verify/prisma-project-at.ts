// Whether a folder is a Prisma project, for commands that take the one at hand by default.

import { findPrismaProject } from '../../prisma/find-project.ts'

export function findPrismaProjectAt(dir: string): Promise<boolean> {
  return findPrismaProject(dir).then(
    () => true,
    () => false,
  )
}
