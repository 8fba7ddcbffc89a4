create table token (
    id         varchar(16)  primary key,
    person     varchar(100) not null,
    name       varchar(100) not null,
    scopes     varchar(100) not null,
    secret     varchar(64)  not null,
    created_at timestamp(0) with time zone not null,
    expires    timestamp(0) with time zone not null
);

create index token_person on token (person, created_at);
