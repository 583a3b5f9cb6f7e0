-- One row that is written to see whether the database takes writes.
create table handoff_heartbeat (
  id integer not null primary key,
  beats integer not null
);
