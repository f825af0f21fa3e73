-- A parcel carrier: depots, accounts with addresses and tariffs, parcels with scans (hash partitions), routes with stops, claims, bills,
-- an outbox and webhooks. Half of the tables belong to an application whose mapper quotes names in mixed case.
create type "ServiceLevel" as enum ('ECONOMY', 'STANDARD', 'EXPRESS', 'SAMEDAY');
create type "AddressKind" as enum ('PICKUP', 'DELIVERY', 'BILLING');
create type "InvoiceStatus" as enum ('DRAFT', 'OPEN', 'PAID', 'VOID');
create type "HookStatus" as enum ('PENDING', 'RETRY', 'SENT', 'DEAD');
create type parcel_status as enum ('announced', 'accepted', 'in_transit', 'at_depot', 'out_for_delivery', 'delivered', 'returned', 'lost');
create type scan_kind as enum ('accept', 'sort', 'load', 'attempt', 'deliver', 'exception');
create type stop_state as enum ('planned', 'done', 'failed');
create type claim_state as enum ('new', 'waiting', 'paid', 'refused');
create domain postal_code as text check (value ~ '^[A-Z]{1,2}[0-9A-Z ]{2,8}$');
create table depot (id int primary key, code text not null unique, name text not null, region text not null);
create table "Customer" ("id" uuid primary key, "accountNo" text not null unique, "name" text not null, "tier" text not null,
  "createdAt" timestamptz not null, "deletedAt" timestamptz);
create table "Address" ("id" uuid primary key, "customerId" uuid not null references "Customer" on delete cascade, "kind" "AddressKind" not null,
  "line1" text not null, "city" text not null, "postcode" postal_code not null, "country" char(2) not null, "deletedAt" timestamptz);
create table "Tariff" ("id" int primary key, "customerId" uuid references "Customer" on delete cascade, "service" "ServiceLevel" not null,
  "zone" smallint not null, "validFrom" date not null, "validTo" date not null, "priceCents" int not null);
create table parcel (id bigint primary key, tracking_no text not null unique, sender_id uuid not null references "Customer",
  recipient_id uuid references "Customer", service "ServiceLevel" not null, status parcel_status not null, status_at timestamptz not null,
  depot_id int not null references depot, weight_g int not null, shipper_ref text not null, due_on date not null,
  created_at timestamptz not null, delivered_at timestamptz) with (fillfactor = 85);
create table scan_event (id bigint generated always as identity, parcel_id bigint not null references parcel on delete cascade,
  kind scan_kind not null, depot_id int not null, device_id uuid not null, note text, at timestamptz not null,
  primary key (id, parcel_id)) partition by hash (parcel_id);
create table scan_event_0 partition of scan_event for values with (modulus 4, remainder 0);
create table scan_event_1 partition of scan_event for values with (modulus 4, remainder 1);
create table scan_event_2 partition of scan_event for values with (modulus 4, remainder 2);
create table scan_event_3 partition of scan_event for values with (modulus 4, remainder 3);
create table "Route" ("id" uuid primary key, "depotId" int not null references depot, "driverId" int not null, "day" date not null,
  "vehicleNo" text not null, "startedAt" timestamptz, unique ("driverId", "day"));
create table route_stop (route_id uuid not null references "Route" on delete cascade, position int not null,
  parcel_id bigint not null references parcel on delete cascade, state stop_state not null, eta timestamptz not null, done_at timestamptz,
  primary key (route_id, position)) with (fillfactor = 80);
create table claim (id bigint primary key, parcel_id bigint not null references parcel on delete cascade,
  customer_id uuid not null references "Customer", state claim_state not null, reason text not null, amount_cents int not null,
  evidence jsonb not null, opened_at timestamptz not null, decided_at timestamptz, assignee_id int);
create table "Invoice" ("id" uuid primary key, "number" text not null unique, "customerId" uuid not null references "Customer",
  "status" "InvoiceStatus" not null, "issuedOn" date not null, "dueOn" date not null, "totalCents" bigint not null, "paidAt" timestamptz);
create table "InvoiceLine" ("invoiceId" uuid not null references "Invoice" on delete cascade, "lineNo" int not null,
  "parcelId" bigint references parcel on delete set null, "label" text not null, "amountCents" int not null,
  primary key ("invoiceId", "lineNo"));
create table outbox (id bigint generated always as identity primary key, topic text not null, parcel_id bigint not null,
  payload jsonb not null, attempts int not null, created_at timestamptz not null, published_at timestamptz);
create table "WebhookDelivery" ("id" uuid primary key, "customerId" uuid not null references "Customer" on delete cascade,
  "eventId" bigint not null, "status" "HookStatus" not null, "attempt" int not null, "responseCode" smallint, "nextAttemptAt" timestamptz not null,
  "body" jsonb not null, "createdAt" timestamptz not null);
create table capacity_slot (depot_id int not null references depot, day date not null, slot smallint not null, capacity int not null,
  booked int not null, primary key (depot_id, day, slot)) with (fillfactor = 85);
create table "Handheld" ("id" uuid primary key, "serial" text not null unique, "depotId" int not null references depot, "driverId" int,
  "firmware" text not null, "battery" smallint not null, "lastSeenAt" timestamptz not null) with (fillfactor = 80);
create index on claim (customer_id);
create index on "Handheld" ("driverId");
create index on "WebhookDelivery" ("eventId");
