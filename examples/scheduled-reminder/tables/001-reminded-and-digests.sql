create table reminded (
  reminder text not null,
  at_ms integer not null
);

create table digests (
  until text not null
);
