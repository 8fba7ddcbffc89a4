create table recovery_merge (
    log_index bigint primary key
);
