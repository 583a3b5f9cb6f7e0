create table effects (id text not null, note text);
create table unique_effects (id text not null primary key);
create table samples (id text not null primary key, words text, whole bigint, ratio double precision, bytes bytea);
create table parents (id text not null primary key);
create table children (id text not null, parent text references parents (id) deferrable initially deferred);
