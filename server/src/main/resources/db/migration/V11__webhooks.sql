create table webhook (
    id            varchar(16)   primary key,
    name          varchar(100)  not null,
    url           varchar(2000) not null,
    types         varchar(2000) not null,
    person        varchar(100)  not null,
    created_at    timestamp(0) with time zone not null,
    enabled       boolean       not null,
    reason        varchar(2000),
    failing_since timestamp(0) with time zone
);

create table webhook_reached (
    stream varchar(16) not null,
    seq    bigint      not null
);

create table webhook_delivery (
    place    bigint       primary key,
    webhook  varchar(16)  not null,
    message  varchar(40)  not null,
    type     varchar(40)  not null,
    body     text         not null,
    state    varchar(20)  not null,
    attempts integer      not null,
    first_at timestamp(0) with time zone,
    last_at  timestamp(0) with time zone,
    next_at  timestamp(0) with time zone,
    status   integer,
    failure  varchar(2000)
);

create index webhook_delivery_newest on webhook_delivery (webhook, place);
create index webhook_delivery_due on webhook_delivery (webhook, next_at);
