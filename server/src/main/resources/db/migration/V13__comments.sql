create table comment (
    id          bigint       primary key,
    opened      varchar(10)  not null,
    name        varchar(63)  not null,
    thread      bigint       not null,
    path        varchar(600),
    line        integer,
    requirement varchar(200),
    revision    varchar(40)  not null,
    person      varchar(100) not null,
    created_at  timestamp(0) with time zone not null,
    body        text         not null,
    edits       integer      not null,
    edited_at   timestamp(0) with time zone,
    resolved_by varchar(100),
    resolved_at timestamp(0) with time zone
);

create index comment_by_change on comment (name, opened, id);

create table comment_version (
    comment_id bigint  not null,
    number     integer not null,
    at         timestamp(0) with time zone not null,
    body       text    not null,
    primary key (comment_id, number)
);
