-- Indexes under the foreign keys and the few look-ups that were known when the application was young.

create index app_user_church_id_idx on app_user (church_id);
create index app_session_app_user_id_idx on app_session (app_user_id);
create index app_session_expires_at_idx on app_session (expires_at);
create index group_membership_member_id_idx on group_membership (member_id);
create index conversation_member_id_idx on conversation (member_id);
create index conversation_assigned_user_id_idx on conversation (assigned_user_id);
create index conversation_message_carrier_message_id_idx on conversation_message (carrier_message_id);
create index message_author_id_idx on message (author_id);
create index message_member_group_id_idx on message (member_group_id);
create index message_recipient_member_id_idx on message_recipient (member_id);
create index delivery_message_recipient_id_idx on delivery (message_recipient_id);
create index carrier_event_received_at_idx on carrier_event (received_at);
create index payment_subscription_id_idx on payment (subscription_id);
create index assessment_member_id_idx on assessment (member_id);
create index evidence_file_answer_id_idx on evidence_file (answer_id);
create index evidence_file_church_id_uploaded_at_idx on evidence_file (church_id, uploaded_at);
create index audit_log_church_id_created_at_idx on audit_log (church_id, created_at);
create index audit_log_app_user_id_idx on audit_log (app_user_id);
create index audit_log_entity_entity_id_idx on audit_log (entity, entity_id);
