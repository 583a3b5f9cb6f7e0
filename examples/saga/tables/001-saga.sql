-- The orders' own: how far each saga is, and how it came there.
create table sagas (
  order_id text primary key,
  state text not null
);

create table saga_steps (
  order_id text not null,
  step integer not null,
  because text not null,
  state text not null
);

-- The payments' own. A second row would be money taken twice; only the inbox keeps it away.
create table payments (
  order_id text not null,
  amount_cents bigint not null,
  state text not null
);

-- The stock's own. There are fewer lamps than orders that are paid.
create table shelf (
  lamps integer not null
);

insert into shelf (lamps) values (8);

create table reservations (
  order_id text not null
);
