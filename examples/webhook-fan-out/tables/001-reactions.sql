create table reactions (
  by_group text not null,
  event text not null,
  delivery_id text not null
);
