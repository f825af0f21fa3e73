-- What the demo's roles may do. The migrations know no roles: whoever runs the application alone brings one of their own.

grant select, insert, update, delete on all tables in schema public to messaging_app;
grant usage on all sequences in schema public to messaging_app;
