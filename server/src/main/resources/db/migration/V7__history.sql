create table history_merge (
    seq       bigint      primary key,
    log_index bigint      not null,
    merged_at bigint      not null,
    opened    varchar(10) not null,
    name      varchar(63) not null,
    title     varchar     not null,
    operation varchar(20) not null,
    of_change varchar(80),
    type      varchar(20) not null,
    requester varchar     not null,
    before_id varchar(40) not null,
    after_id  varchar(40) not null
);

create index history_merge_by_time on history_merge (merged_at, seq);

create table history_fact (
    fact bytea  not null,
    seq  bigint not null,
    primary key (fact, seq)
);

create table history_indexed (
    entries bigint not null
);

insert into history_indexed (entries) values (0);
