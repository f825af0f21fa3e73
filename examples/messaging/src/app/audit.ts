// The audit log: who did what to which row, written in the same transaction as the change.

import type { Prisma } from '../generated/prisma/client.ts'
import type { Staff } from './sessions.ts'

export type AuditEntity =
  | 'church'
  | 'app_user'
  | 'member'
  | 'member_group'
  | 'conversation'
  | 'message'
  | 'payment'
  | 'assessment'

export async function audit(
  transaction: Prisma.TransactionClient,
  { churchId, userId }: Pick<Staff, 'churchId' | 'userId'>,
  action: string,
  entity: AuditEntity,
  entityId: bigint,
  details: Prisma.InputJsonObject = {},
): Promise<void> {
  await transaction.auditLog.createMany({
    data: [{ churchId, appUserId: userId, action, entity, entityId, details }],
  })
}
