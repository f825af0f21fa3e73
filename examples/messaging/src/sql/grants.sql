-- What the demo's roles may do. The migrations know no roles: whoever runs the application alone brings one of their own.

grant select, insert, update, delete on all tables in schema public to messaging_app;
grant usage on all sequences in schema public to messaging_app;
-- pg_monitor does not read sequences; how near each is to its end is worth knowing
grant select on all sequences in schema public to pgsteward_monitor;
