// Prisma's engine has names of its own for what an application calls; findings speak as the application does.

const CLIENT_NAMES: Readonly<Record<string, string>> = {
  createOne: 'create',
  updateOne: 'update',
  deleteOne: 'delete',
  upsertOne: 'upsert',
  queryRaw: '$queryRaw',
  executeRaw: '$executeRaw',
}

export function actionName({ action, query }: { readonly action: string; readonly query?: unknown }): string {
  if (action === 'aggregate' && isCount(query)) return 'count'
  return CLIENT_NAMES[action] ?? action
}

/** `count` is an aggregate that selects nothing but `_count`. */
function isCount(query: unknown): boolean {
  if (typeof query !== 'object' || query === null || !('selection' in query)) return false
  const { selection } = query
  if (typeof selection !== 'object' || selection === null) return false
  const keys = Object.keys(selection)
  return keys.length === 1 && keys[0] === '_count'
}
