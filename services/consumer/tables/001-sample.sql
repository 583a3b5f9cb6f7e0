-- Where the sample handlers leave their effects. One dialect for SQLite and PostgreSQL. None of these tables forbids a
-- second row for the same message: that there is only one is the inbox's doing, and a query shows it.
create table ledger_entries (
  order_id text not null,
  amount_cents bigint not null,
  currency text not null,
  message_id text not null,
  recorded_at text not null default current_timestamp
);

create table mails (
  recipient text not null,
  subject text not null,
  message_id text not null,
  recorded_at text not null default current_timestamp
);

create table captures (
  payment_id text not null,
  amount_cents bigint not null,
  message_id text not null,
  recorded_at text not null default current_timestamp
);

create table webhooks (
  provider text not null,
  event text not null,
  delivery_id text not null,
  payload text not null,
  message_id text not null,
  recorded_at text not null default current_timestamp
);

create table greetings (
  greeting text not null,
  message_id text not null,
  recorded_at text not null default current_timestamp
);

create index captures_by_payment on captures (payment_id);
