// Reads what the traffic must know of the database: how many rows there are to ask for.

import type { Known, Query } from './action.ts'

export async function findKnown(query: Query): Promise<Known> {
  const [row] = await query(
    `select (select max(id) from church)               as churches,
            (select max(id) from app_user)             as users,
            (select max(id) from member)               as members,
            (select max(id) from member_group)         as groups,
            (select max(id) from conversation)         as conversations,
            (select max(id) from conversation_message) as conversation_messages,
            (select max(id) from message)              as messages,
            (select max(id) from assessment)           as assessments`,
  )
  const count = (name: string) => Number(row?.[name] ?? 0)
  return {
    churches: count('churches'),
    users: count('users'),
    members: count('members'),
    groups: count('groups'),
    conversations: count('conversations'),
    conversationMessages: count('conversation_messages'),
    messages: count('messages'),
    assessments: count('assessments'),
    tokens: [],
  }
}
