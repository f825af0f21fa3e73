// A classifieds marketplace. Hard here: statements of an ORM beside those by hand, an enum that is compared with a cast parameter (no
// predicate of an index follows from it), counts by a grouped subquery, pages by OR, orders of two directions, an index that is there but
// too short, sums that are worth a covering index, a list of conversations by LATERAL, and prices, counters, sessions and reading marks
// whose updates must stay heap-only.

import type { AdviceCase } from '../advice-case.ts'

const NOW = "'2026-03-01 00:00:00+00'"
const UTC = "'2026-03-01 00:00:00'"

export const marketplace: AdviceCase = {
  title: 'A classifieds marketplace',
  statements: [
    {
      id: 'listing',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."price", "public"."Listing"."status"::text,
             COALESCE("aggr_selection_0_Offer"."_aggr_count_offers", 0) AS "_aggr_count_offers" FROM "public"."Listing"
             LEFT JOIN (SELECT "public"."Offer"."listingId", COUNT(*) AS "_aggr_count_offers" FROM "public"."Offer" WHERE 1=1
               GROUP BY "public"."Offer"."listingId") AS "aggr_selection_0_Offer" ON ("public"."Listing"."id" = "aggr_selection_0_Offer"."listingId")
             WHERE ("public"."Listing"."id" = $1 AND "public"."Listing"."deletedAt" IS NULL) LIMIT $2 OFFSET $3`,
      callsPerMinute: 900,
      samples: [
        ['17', '1', '0'],
        ['901', '1', '0'],
        ['19999', '1', '0'],
      ],
    },
    {
      id: 'photos',
      sql: `SELECT "public"."Photo"."id", "public"."Photo"."url", "public"."Photo"."position", "public"."Photo"."listingId" FROM "public"."Photo"
             WHERE "public"."Photo"."listingId" IN ($1,$2,$3,$4,$5,$6,$7,$8) ORDER BY "public"."Photo"."position" ASC OFFSET $9`,
      callsPerMinute: 500,
      samples: [['19990', '19981', '19903', '18800', '17017', '16100', '9009', '404', '0']],
    },
    {
      id: 'subcategories',
      sql: `SELECT "public"."Category"."id", "public"."Category"."slug", "public"."Category"."name" FROM "public"."Category"
             WHERE "public"."Category"."parentId" = $1 ORDER BY "public"."Category"."position" ASC OFFSET $2`,
      callsPerMinute: 300,
      samples: [['3', '0']],
    },
    {
      id: 'shop',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."price" FROM "public"."Listing"
             WHERE ("public"."Listing"."sellerId" = $1 AND "public"."Listing"."deletedAt" IS NULL)
             ORDER BY "public"."Listing"."createdAt" DESC, "public"."Listing"."id" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 250,
      samples: [
        ['1', '24', '0'],
        ['2', '24', '0'],
        ['40', '24', '0'],
      ],
    },
    {
      id: 'category_page',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."price", "public"."Listing"."createdAt" FROM "public"."Listing"
             WHERE ("public"."Listing"."categoryId" = $1 AND "public"."Listing"."status" = CAST($2::text AS "public"."ListingStatus")
             AND "public"."Listing"."deletedAt" IS NULL) ORDER BY "public"."Listing"."createdAt" DESC LIMIT $3 OFFSET $4`,
      callsPerMinute: 240,
      samples: [
        ['1', "'ACTIVE'", '24', '0'],
        ['20', "'ACTIVE'", '24', '24'],
        ['77', "'ACTIVE'", '24', '0'],
      ],
    },
    {
      id: 'category_priced',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."price", "public"."Listing"."createdAt" FROM "public"."Listing"
             WHERE ("public"."Listing"."categoryId" = $1 AND "public"."Listing"."status" = CAST($2::text AS "public"."ListingStatus")
             AND "public"."Listing"."price" >= $3 AND "public"."Listing"."price" <= $4 AND "public"."Listing"."deletedAt" IS NULL)
             ORDER BY "public"."Listing"."createdAt" DESC LIMIT $5 OFFSET $6`,
      callsPerMinute: 60,
      samples: [
        ['1', "'ACTIVE'", '50', '400', '24', '0'],
        ['20', "'ACTIVE'", '0', '100', '24', '0'],
        ['77', "'ACTIVE'", '200', '900', '24', '0'],
      ],
    },
    {
      id: 'category_next',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."createdAt" FROM "public"."Listing"
             WHERE ("public"."Listing"."categoryId" = $1 AND "public"."Listing"."status" = CAST($2::text AS "public"."ListingStatus")
             AND "public"."Listing"."deletedAt" IS NULL AND "public"."Listing"."createdAt" <= $3
             AND (("public"."Listing"."createdAt" = $3 AND "public"."Listing"."id" < $4) OR "public"."Listing"."createdAt" < $3))
             ORDER BY "public"."Listing"."createdAt" DESC, "public"."Listing"."id" DESC LIMIT $5`,
      callsPerMinute: 120,
      samples: [
        ['1', "'ACTIVE'", "'2025-12-01 00:00:00'", '15000', '24'],
        ['5', "'ACTIVE'", "'2025-10-01 00:00:00'", '11000', '24'],
      ],
    },
    {
      id: 'category_count',
      sql: `SELECT COUNT(*) FROM (SELECT "public"."Listing"."id" FROM "public"."Listing" WHERE ("public"."Listing"."categoryId" = $1
             AND "public"."Listing"."status" = CAST($2::text AS "public"."ListingStatus") AND "public"."Listing"."deletedAt" IS NULL) OFFSET $3) AS "sub"`,
      callsPerMinute: 150,
      samples: [
        ['1', "'ACTIVE'", '0'],
        ['20', "'ACTIVE'", '0'],
        ['77', "'ACTIVE'", '0'],
      ],
    },
    {
      id: 'also_in',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title" FROM "public"."Listing" WHERE (("public"."Listing"."id") IN
             (SELECT "t1"."B" FROM "public"."_CategoryToListing" AS "t1" INNER JOIN "public"."Category" AS "j1" ON ("j1"."id") = ("t1"."A")
             WHERE ("j1"."slug" = $1 AND "t1"."B" IS NOT NULL)) AND "public"."Listing"."deletedAt" IS NULL)
             ORDER BY "public"."Listing"."createdAt" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 4,
      samples: [["'category-17'", '24', '0']],
    },
    {
      id: 'categories_of',
      sql: `SELECT "t0"."id", "t0"."slug" FROM "public"."Category" AS "t0" INNER JOIN "public"."_CategoryToListing" AS "t1" ON "t0"."id" = "t1"."A"
             WHERE (1=1 AND "t1"."B" IN ($1,$2,$3))`,
      callsPerMinute: 40,
      samples: [['17', '9009', '15000']],
    },
    {
      id: 'search',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title", "public"."Listing"."price" FROM "public"."Listing"
             WHERE ("public"."Listing"."title"::text ILIKE $1 AND "public"."Listing"."deletedAt" IS NULL) ORDER BY "public"."Listing"."createdAt" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 60,
      samples: [
        ["'%kestrel tent 17%'", '24', '0'],
        ["'%amplifier 4711%'", '24', '0'],
      ],
    },
    {
      id: 'by_tags',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."title" FROM "public"."Listing"
             WHERE ("public"."Listing"."tags" @> ARRAY[$1]::text[] AND "public"."Listing"."deletedAt" IS NULL) ORDER BY "public"."Listing"."createdAt" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 40,
      samples: [
        ["'tag17'", '24', '0'],
        ["'tag404'", '24', '0'],
      ],
    },
    {
      id: 'by_attributes',
      sql: `select id, title, price from "Listing" where attributes @> $1 and "deletedAt" is null order by price limit 50`,
      callsPerMinute: 30,
      samples: [[`'{"brand": "Brand17", "colour": "red"}'`], [`'{"brand": "Brand301", "year": 2011}'`]],
    },
    {
      id: 'by_serial',
      sql: `select id, "sellerId", status from "Listing" where attributes ->> 'serial' = $1`,
      callsPerMinute: 30,
      samples: [["'SN-661B84E68410'"], ["'SN-968B794CB84C'"]],
    },
    {
      id: 'front',
      sql: `select id, title, price, score from "Listing" where status = 'ACTIVE' and "deletedAt" is null order by score desc nulls last, id desc limit $1`,
      callsPerMinute: 300,
      samples: [['24']],
    },
    {
      id: 'feed',
      sql: `select l.id, l.title, l.price, l."sellerId", l."createdAt" from "Listing" l
             where l."sellerId" = any (select followee_id from follow where follower_id = $1) and l."deletedAt" is null and l."createdAt" > $2
             order by l."createdAt" desc limit 30`,
      callsPerMinute: 200,
      samples: [
        ['17', "'2026-02-15 00:00:00'"],
        ['901', "'2026-02-15 00:00:00'"],
        ['4242', "'2026-02-15 00:00:00'"],
      ],
    },
    {
      id: 'expired',
      sql: `select id, "sellerId" from "Listing" where "expiresAt" < $1 and status = 'ACTIVE' and "deletedAt" is null order by "expiresAt" limit 50 for update skip locked`,
      callsPerMinute: 12,
      samples: [[UTC]],
    },
    {
      id: 'offers',
      sql: `SELECT "public"."Offer"."id", "public"."Offer"."buyerId", "public"."Offer"."amount", "public"."Offer"."status" FROM "public"."Offer"
             WHERE "public"."Offer"."listingId" = $1 ORDER BY "public"."Offer"."amount" DESC, "public"."Offer"."createdAt" ASC LIMIT $2 OFFSET $3`,
      callsPerMinute: 250,
      samples: [
        ['1', '10', '0'],
        ['17', '10', '0'],
        ['15000', '10', '0'],
      ],
    },
    {
      id: 'accepted_offers',
      sql: `SELECT COUNT(*) FROM (SELECT "public"."Offer"."id" FROM "public"."Offer" WHERE ("public"."Offer"."status" = $1 AND 1=1) OFFSET $2) AS "sub"`,
      callsPerMinute: 0.05,
      samples: [["'ACCEPTED'", '0']],
    },
    {
      id: 'followers',
      sql: `select u.id, u.username from follow f join "User" u on u.id = f.follower_id where f.followee_id = $1 order by f.created_at desc limit 20`,
      callsPerMinute: 80,
      samples: [['1'], ['17'], ['4242']],
    },
    {
      id: 'favourites',
      sql: `select l.id, l.title, l.price from "Listing" l where exists (select from favourite f where f.listing_id = l.id and f.user_id = $1)
             and l."deletedAt" is null order by l."createdAt" desc limit 24`,
      callsPerMinute: 100,
      samples: [['17'], ['4242']],
    },
    {
      id: 'watchers',
      sql: 'select user_id from favourite where listing_id = $1 order by created_at limit 500',
      callsPerMinute: 60,
      samples: [['17'], ['9009'], ['15000']],
    },
    {
      id: 'inbox',
      sql: `select p.conversation_id, p.last_read_at, m.sender_id, m.body, m.created_at from participant p cross join lateral
             (select sender_id, body, created_at from message where conversation_id = p.conversation_id order by created_at desc limit 1) m
             where p.user_id = $1 and not p.archived order by m.created_at desc limit 20`,
      callsPerMinute: 150,
      samples: [['40'], ['170'], ['4242']],
    },
    {
      id: 'unread',
      sql: `select count(*) from participant p join message m on m.conversation_id = p.conversation_id and m.created_at > p.last_read_at
             where p.user_id = $1 and not p.archived and m.sender_id <> $1`,
      callsPerMinute: 250,
      samples: [['40'], ['170'], ['4242']],
    },
    {
      id: 'thread',
      sql: 'select id, sender_id, body, created_at from message where conversation_id = $1 and created_at < $2 order by created_at desc limit 30',
      callsPerMinute: 250,
      samples: [
        ['1', "'2026-01-01 00:00:00+00'"],
        ['17', NOW],
        ['4242', NOW],
      ],
    },
    {
      id: 'profile',
      sql: 'select id, "displayName", bio from "User" where lower(username) = lower($1) and not "isBanned"',
      callsPerMinute: 150,
      samples: [["'Lucky_70EFD17'"], ["'nobody'"]],
    },
    {
      id: 'reviews',
      sql: `SELECT "public"."Review"."id", "public"."Review"."rating", "public"."Review"."body", "public"."Review"."createdAt" FROM "public"."Review"
             WHERE ("public"."Review"."subjectId" = $1 AND "public"."Review"."deletedAt" IS NULL) ORDER BY "public"."Review"."createdAt" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 120,
      samples: [
        ['1', '10', '0'],
        ['5', '10', '10'],
        ['901', '10', '0'],
      ],
    },
    {
      id: 'rating',
      sql: `SELECT COUNT(*), AVG("rating") FROM (SELECT "public"."Review"."id", "public"."Review"."rating" FROM "public"."Review"
             WHERE ("public"."Review"."subjectId" = $1 AND "public"."Review"."deletedAt" IS NULL) OFFSET $2) AS "sub"`,
      callsPerMinute: 400,
      samples: [
        ['1', '0'],
        ['5', '0'],
        ['901', '0'],
      ],
    },
    {
      id: 'report_queue',
      sql: `select id, target_type, target_id, priority, note from report where state = 'open' order by priority desc, created_at limit 20`,
      callsPerMinute: 30,
      samples: [[]],
    },
    {
      id: 'earnings',
      sql: `select date_trunc('day', created_at) as day, sum(amount), count(*) from payout where seller_id = $1 and created_at >= $2 group by 1 order by 1`,
      callsPerMinute: 60,
      samples: [
        ['1', "'2026-01-30 00:00:00+00'"],
        ['17', "'2025-12-01 00:00:00+00'"],
        ['4242', "'2025-12-01 00:00:00+00'"],
      ],
    },
    {
      id: 'payouts_due',
      sql: `select id, seller_id, amount, currency from payout where settled = false and on_hold = false order by created_at limit 20 for update skip locked`,
      callsPerMinute: 30,
      samples: [[]],
    },
    {
      id: 'searches_due',
      sql: `SELECT "public"."SavedSearch"."id", "public"."SavedSearch"."userId", "public"."SavedSearch"."filters" FROM "public"."SavedSearch"
             WHERE ("public"."SavedSearch"."active" = $1 AND "public"."SavedSearch"."nextRunAt" <= $2) ORDER BY "public"."SavedSearch"."nextRunAt" ASC LIMIT $3 OFFSET $4`,
      callsPerMinute: 30,
      samples: [['true', UTC, '20', '0']],
    },
    {
      id: 'trending',
      sql: `select id, title, "viewCount" from "Listing" where "deletedAt" is null order by "viewCount" desc limit 10`,
      callsPerMinute: 0.1,
      samples: [[]],
    },
    {
      id: 'changed',
      sql: `SELECT "public"."Listing"."id", "public"."Listing"."updatedAt" FROM "public"."Listing" WHERE "public"."Listing"."updatedAt" >= $1
             ORDER BY "public"."Listing"."updatedAt" ASC LIMIT $2 OFFSET $3`,
      callsPerMinute: 0.2,
      samples: [["'2026-02-28 20:00:00'", '100', '0']],
    },
    {
      id: 'search_messages',
      sql: 'select id, conversation_id, sender_id from message where body ilike $1 order by created_at desc limit 50',
      callsPerMinute: 0.02,
      samples: [["'%word4711%'"]],
    },
    {
      id: 'view',
      sql: `UPDATE "public"."Listing" SET "viewCount" = ("public"."Listing"."viewCount" + $1), "updatedAt" = $2 WHERE ("public"."Listing"."id" = $3 AND 1=1)
             RETURNING "public"."Listing"."id"`,
      callsPerMinute: 1500,
      samples: [
        ['1', UTC, '17'],
        ['1', UTC, '19999'],
      ],
    },
    {
      id: 'reprice',
      sql: `UPDATE "public"."Listing" SET "price" = $1, "updatedAt" = $2 WHERE ("public"."Listing"."id" = $3 AND 1=1)`,
      callsPerMinute: 600,
      samples: [
        ['77.50', UTC, '901'],
        ['12', UTC, '19999'],
      ],
    },
    {
      id: 'slide_session',
      sql: `UPDATE "public"."Session" SET "expires" = $1 WHERE ("public"."Session"."sessionToken" = $2 AND 1=1) RETURNING "public"."Session"."userId"`,
      callsPerMinute: 1200,
      samples: [
        ["'2026-03-31 00:00:00'", "'7376df083061151bf9b26edb94860667'"],
        ["'2026-03-31 00:00:00'", "'174a2982371f899cea33673010074ac3'"],
      ],
    },
    {
      id: 'review',
      sql: `INSERT INTO "public"."Review" ("id","listingId","authorId","subjectId","rating","body","createdAt") VALUES ($1,$2,$3,$4,$5,$6,$7)
             ON CONFLICT ("listingId","authorId") DO UPDATE SET "rating" = $5, "body" = $6 WHERE ("public"."Review"."listingId" = $2 AND 1=1)
             RETURNING "public"."Review"."id"`,
      callsPerMinute: 2,
      samples: [['100000001', '17', '18', '19', '5', "'as described'", UTC]],
    },
    {
      id: 'list',
      sql: `INSERT INTO "public"."Listing" ("id","sellerId","categoryId","title","description","price","status","attributes","tags","viewCount","favouriteCount","createdAt","updatedAt","expiresAt")
             VALUES ($1,$2,$3,'Comet kayak 17','hardly used',$4,CAST($5::text AS "public"."ListingStatus"),'{"brand": "Brand17", "colour": "red", "year": 2020}','{tag1,tag2,tag3}',0,0,$6,$6,'2026-04-30 00:00:00')
             RETURNING "public"."Listing"."id"`,
      callsPerMinute: 20,
      samples: [['100000001', '17', '20', '99.50', "'ACTIVE'", UTC]],
    },
    {
      id: 'connect',
      sql: `INSERT INTO "public"."_CategoryToListing" ("A","B") VALUES ($1,$2) ON CONFLICT DO NOTHING`,
      callsPerMinute: 150,
      samples: [['17', '19999']],
    },
    {
      id: 'favour',
      sql: `insert into favourite values ($1, $2, ${NOW}) on conflict (user_id, listing_id) do nothing`,
      callsPerMinute: 300,
      samples: [
        ['17', '19999'],
        ['4242', '18'],
      ],
    },
    {
      id: 'send',
      sql: `insert into message (conversation_id, sender_id, body, created_at) values ($1, 17, 'is it still there? word77', ${NOW})`,
      callsPerMinute: 600,
      samples: [['17'], ['4242']],
    },
    {
      id: 'mark_read',
      sql: `update participant set last_read_at = ${NOW} where conversation_id = $1 and user_id = $2`,
      callsPerMinute: 800,
      samples: [
        ['17', '18'],
        ['4242', '4243'],
      ],
    },
    {
      id: 'offer',
      sql: `insert into "Offer" values ($1, $2, 17, 55, 'PENDING', 'would you take this?', ${UTC})`,
      callsPerMinute: 60,
      samples: [['100000001', '9009']],
    },
    {
      id: 'answer_offer',
      sql: `UPDATE "public"."Offer" SET "status" = $1 WHERE ("public"."Offer"."id" = $2 AND "public"."Offer"."status" = $3)`,
      callsPerMinute: 50,
      samples: [["'DECLINED'", '29001', "'PENDING'"]],
    },
    {
      id: 'pay_out',
      sql: `insert into payout values ($1, $2, 'po_new', 55, 'EUR', false, false, ${NOW}, null)`,
      callsPerMinute: 50,
      samples: [['100000001', '17']],
    },
    {
      id: 'settle',
      sql: `update payout set settled = true, settled_at = ${NOW} where id = $1`,
      callsPerMinute: 50,
      samples: [['11900']],
    },
    {
      id: 'searched',
      sql: `update "SavedSearch" set "nextRunAt" = "nextRunAt" + interval '1 hour' where id = $1`,
      callsPerMinute: 60,
      samples: [['1717']],
    },
    {
      id: 'clean_sessions',
      sql: `delete from "Session" where expires < $1`,
      callsPerMinute: 0.1,
      samples: [["'2026-02-28 18:00:00'"]],
    },
  ],
  expected: [
    {
      sql: `create index on "Listing" ("sellerId", "createdAt" desc, id desc) where "deletedAt" is null`,
      why: 'the one that is there holds no order: the newest of a seller, and of those that one follows',
      serves: ['shop', 'feed'],
    },
    {
      sql: `create index on "Listing" ("categoryId", status, "createdAt" desc, id desc) where "deletedAt" is null`,
      why: 'pages by offset and cursor, and counts; the status is a key, as the cast of a parameter implies no predicate',
      serves: ['category_page', 'category_priced', 'category_next', 'category_count'],
    },
    {
      sql: 'create index on "Listing" using gin (title gin_trgm_ops)',
      why: 'a part of a title',
      serves: ['search'],
    },
    {
      sql: 'create index on "Listing" using gin (tags)',
      why: 'an array that holds a tag',
      serves: ['by_tags'],
    },
    {
      sql: 'create index on "Listing" using gin (attributes jsonb_path_ops)',
      why: 'a document that holds another',
      serves: ['by_attributes'],
    },
    {
      sql: `create index on "Listing" ((attributes ->> 'serial'))`,
      why: 'a part of a document',
      serves: ['by_serial'],
    },
    {
      sql: `create index on "Listing" (score desc nulls last, id desc) where status = 'ACTIVE' and "deletedAt" is null`,
      why: 'the order of the front page, with its nulls',
      serves: ['front'],
    },
    {
      sql: `create index on "Listing" ("expiresAt") where status = 'ACTIVE' and "deletedAt" is null`,
      why: 'what has expired long ago is not active any more',
      serves: ['expired'],
    },
    {
      sql: 'create index on "Offer" ("listingId", amount desc, "createdAt")',
      why: 'the highest of one, the earlier first; their count',
      serves: ['listing', 'offers'],
    },
    {
      sql: 'create index on follow (followee_id, created_at desc)',
      why: 'the primary key starts with the other side',
      serves: ['followers'],
    },
    {
      sql: 'create index on favourite (listing_id)',
      why: 'the primary key starts with the user',
      serves: ['watchers'],
    },
    {
      sql: 'create index on participant (user_id)',
      why: 'the primary key starts with the conversation; no more columns, for the reading mark is updated all day',
      serves: ['inbox', 'unread'],
    },
    {
      sql: 'create index on message (conversation_id, created_at)',
      why: 'the last of each, those since a time, pages',
      serves: ['inbox', 'unread', 'thread'],
    },
    { sql: 'create index on "User" (lower(username))', why: 'an expression', serves: ['profile'] },
    {
      sql: 'create index on "Review" ("subjectId", "createdAt" desc) include (rating) where "deletedAt" is null',
      why: 'the latest, and the mean of all without the table',
      serves: ['reviews', 'rating'],
    },
    {
      sql: `create index on report (priority desc, created_at) where state = 'open'`,
      why: 'a queue of two directions: 4 % of the rows',
      serves: ['report_queue'],
    },
    {
      sql: 'create index on payout (seller_id, created_at)',
      why: 'the last days of one',
      serves: ['earnings'],
    },
    {
      sql: 'create index on payout (created_at) where not settled and not on_hold',
      why: 'a queue: 4 % of the rows',
      serves: ['payouts_due'],
    },
    {
      sql: 'create index on "SavedSearch" ("nextRunAt") where active',
      why: 'a queue of few that are due',
      serves: ['searches_due'],
    },
  ],
  traps: [
    { table: 'Category', kind: 'any', column: null, why: '96 rows' },
    { table: '_CategoryToListing', kind: 'any', column: null, why: 'both directions are there' },
    { table: 'Listing', kind: 'held', column: 'viewCount', why: 'ends HOT on 1500 updates a minute' },
    { table: 'Listing', kind: 'held', column: 'updatedAt', why: 'ends HOT on 2100 updates a minute' },
    {
      table: 'Listing',
      kind: 'held',
      column: 'price',
      why: 'ends HOT on 600 updates a minute; ranges of prices are asked a tenth as often',
    },
    {
      table: 'Offer',
      kind: 'held',
      column: 'status',
      why: 'three values, counted once in twenty minutes; ends HOT',
    },
    { table: 'Session', kind: 'held', column: 'expires', why: 'ends HOT on 1200 updates a minute' },
    { table: 'participant', kind: 'held', column: 'last_read_at', why: 'ends HOT on 800 updates a minute' },
    { table: 'message', kind: 'first', column: 'body', why: '600 inserts a minute, searched once an hour' },
    { table: 'message', kind: 'first', column: 'sender_id', why: 'a foreign key that nothing searches by' },
  ],
}
