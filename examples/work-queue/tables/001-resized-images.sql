create table resized_images (
  image text not null,
  width integer not null,
  worker integer not null
);
