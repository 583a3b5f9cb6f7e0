create table articles_seen (
  by_group text not null,
  slug text not null
);
