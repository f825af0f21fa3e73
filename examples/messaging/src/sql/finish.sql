-- After the data: identity sequences continue behind the loaded rows, and the generator goes.

do $$
declare
  identity record;
begin
  for identity in
    select a.attrelid::regclass as of_table, a.attname as of_column, pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) as sequence
      from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.attidentity <> '' and c.relnamespace = 'public'::regnamespace
  loop
    execute format('select setval(%L, (select coalesce(max(%I), 1) from %s))', identity.sequence, identity.of_column, identity.of_table);
  end loop;
end
$$;

drop schema generator cascade;
