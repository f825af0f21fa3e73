-- What the pages of broadcasts, deliveries, payments and assessments ask for. Safe to repeat, as the migration before.

create index concurrently if not exists message_church_id_created_at_id_idx
    on message (church_id, created_at desc, id desc);

create index concurrently if not exists delivery_church_id_status_updated_at_id_idx
    on delivery (church_id, status, updated_at desc, id desc);

create index concurrently if not exists payment_church_id_paid_at_id_idx
    on payment (church_id, paid_at desc, id desc);

create index concurrently if not exists assessment_church_id_status_created_at_id_idx
    on assessment (church_id, status, created_at desc, id desc);
