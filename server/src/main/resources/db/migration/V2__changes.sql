create table change_projection (
    number    bigint primary key,
    opened       varchar(10) not null,
    name      varchar(63) not null,
    title     varchar     not null,
    type      varchar(20) not null,
    operation varchar(20) not null,
    of_change varchar(80),
    requester varchar     not null,
    state     varchar(20) not null,
    revisions varchar     not null,
    merged    varchar,
    units     varchar     not null
);

create index change_by_name on change_projection (name, number);
create index change_by_state on change_projection (state, number);

create table change_vote (
    opened       varchar(10) not null,
    name      varchar(63) not null,
    log_index bigint      not null,
    primary key (opened, name, log_index)
);

create table change_projected (
    entries bigint not null
);

insert into change_projected (entries) values (0);
