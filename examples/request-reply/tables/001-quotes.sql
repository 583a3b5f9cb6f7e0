create table quotes (
  quote_id text not null,
  total_cents integer not null
);
