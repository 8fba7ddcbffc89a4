create table emergency_merge (
    log_index bigint primary key
);
