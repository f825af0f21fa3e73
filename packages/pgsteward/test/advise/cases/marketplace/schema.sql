-- Classifieds with a social part: one half by an ORM (quoted names, an enum, an implicit many-to-many), the other half by hand.
create extension pg_trgm;
create type "ListingStatus" as enum ('DRAFT', 'ACTIVE', 'SOLD', 'EXPIRED');
create table "User" (id int primary key, email text not null unique, username text not null, "displayName" text not null, bio text not null,
  "isBanned" boolean not null, "createdAt" timestamp(3) not null);
create table "Category" (id int primary key, "parentId" int references "Category", slug text not null unique, name text not null, position int not null);
create table "Listing" (id int primary key, "sellerId" int not null references "User", "categoryId" int not null references "Category", title text not null,
  description text not null, price numeric(12, 2) not null, status "ListingStatus" not null, attributes jsonb not null, tags text[] not null, score float8,
  "viewCount" int not null default 0, "favouriteCount" int not null default 0, "createdAt" timestamp(3) not null, "updatedAt" timestamp(3) not null,
  "expiresAt" timestamp(3) not null, "deletedAt" timestamp(3)) with (fillfactor = 80);
create index "Listing_sellerId_idx" on "Listing" ("sellerId");
create table "_CategoryToListing" ("A" int not null references "Category" on delete cascade, "B" int not null references "Listing" on delete cascade,
  constraint "_CategoryToListing_AB_pkey" primary key ("A", "B"));
create index "_CategoryToListing_B_index" on "_CategoryToListing" ("B");
create table "Photo" (id int primary key, "listingId" int not null references "Listing" on delete cascade, position int not null, url text not null,
  unique ("listingId", position));
create table "Offer" (id int primary key, "listingId" int not null references "Listing" on delete cascade, "buyerId" int not null references "User",
  amount numeric(12, 2) not null, status text not null, note text not null, "createdAt" timestamp(3) not null) with (fillfactor = 90);
create table "Review" (id int primary key, "listingId" int not null references "Listing" on delete cascade, "authorId" int not null references "User",
  "subjectId" int not null references "User", rating smallint not null, body text not null, "createdAt" timestamp(3) not null, "deletedAt" timestamp(3),
  unique ("listingId", "authorId"));
create table "Session" (id text primary key, "sessionToken" text not null unique, "userId" int not null references "User" on delete cascade,
  expires timestamp(3) not null) with (fillfactor = 80);
create table "SavedSearch" (id int primary key, "userId" int not null references "User" on delete cascade, name text not null, filters jsonb not null,
  active boolean not null, "nextRunAt" timestamp(3) not null);
create index "SavedSearch_userId_idx" on "SavedSearch" ("userId");
create table follow (follower_id int not null references "User", followee_id int not null references "User", created_at timestamptz not null,
  primary key (follower_id, followee_id));
create table favourite (user_id int not null references "User", listing_id int not null references "Listing" on delete cascade, created_at timestamptz not null,
  primary key (user_id, listing_id));
create table participant (conversation_id bigint not null, user_id int not null references "User", last_read_at timestamptz not null, archived boolean not null,
  primary key (conversation_id, user_id)) with (fillfactor = 80);
create table message (id bigint generated always as identity primary key, conversation_id bigint not null, sender_id int not null references "User",
  body text not null, created_at timestamptz not null);
create table report (id bigint primary key, reporter_id int not null, target_type text not null, target_id int not null, state text not null,
  priority smallint not null, note text not null, created_at timestamptz not null);
create table payout (id bigint primary key, seller_id int not null references "User", reference text not null unique, amount numeric(12, 2) not null,
  currency text not null, settled boolean not null, on_hold boolean not null, created_at timestamptz not null, settled_at timestamptz);
