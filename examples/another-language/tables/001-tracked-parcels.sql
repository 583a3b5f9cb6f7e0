create table tracked_parcels (
  parcel text not null,
  label text not null
);
