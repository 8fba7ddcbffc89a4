create table password (
    person varchar(100) primary key,
    hash   varchar(200) not null
);
