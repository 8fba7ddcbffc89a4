create table event_stream (
    id      varchar(16) not null,
    dropped bigint      not null
);

create table event (
    seq    bigint      primary key,
    type   varchar(40) not null,
    change varchar(63),
    body   text        not null
);
