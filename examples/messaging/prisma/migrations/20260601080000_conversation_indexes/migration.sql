-- What the pages that staff open all day sort by: the list of members, the inbox, and the history of a conversation.
-- Safe to repeat, and built without a lock that stops writing. Prisma runs each statement by itself, outside a transaction.

create index concurrently if not exists member_church_id_last_name_first_name_id_idx
    on member (church_id, last_name, first_name, id);

create index concurrently if not exists conversation_church_id_last_message_at_id_idx
    on conversation (church_id, last_message_at desc, id desc);

create index concurrently if not exists conversation_message_conversation_id_sent_at_id_idx
    on conversation_message (conversation_id, sent_at desc, id desc);
