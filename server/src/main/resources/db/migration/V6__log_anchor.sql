create table log_anchor (
    repository varchar(100) not null,
    entries    bigint       not null,
    root       varchar(64)  not null,
    apply      text         not null
);
