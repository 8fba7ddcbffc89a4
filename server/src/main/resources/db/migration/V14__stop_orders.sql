create table stop_order (
    log_index bigint primary key
);
