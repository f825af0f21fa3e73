import { describe, expect, it } from 'vitest'
import { parameterNames } from './parameter-names.ts'

describe('names of parameters', () => {
  it.each<[string, (string | null)[]]>([
    ['select * from a where id = $1 and "b"."Name" <> $2', ['id', 'Name']],
    ['insert into a (id, "password") values ($1, $2), ($3, $4)', ['id', 'password', 'id', 'password']],
    ['insert into a (id, hash) values ($1, crypt($2, $3))', ['id', null, null]],
    ['insert into a (id, at) values (default, $1)', ['at']],
    ['update a set password = $2, name=$3 where id = $1', ['id', 'password', 'name']],
    ['select * from a where id in ($1, $2) and name like $3', ['id', 'id', 'name']],
    ['select * from a where id = any($1) or age between $2 and $3', ['id', 'age', 'age']],
    ['select * from a where $1 = token and lower(email) = $2', ['token', 'email']],
    ['select sleep(1, $1), $2::text as name', [null, null]],
    ['select f($1) from a where f($2) and b = $3', [null, null, 'b']],
    ['select * from a where x is not null limit $1 offset $2', [null, null]],
    ["select * from a where x = 'it''s' and y = $1", ['y']],
  ])('%s', (sql, names) => {
    expect(parameterNames(sql)).toEqual(names)
  })
})
