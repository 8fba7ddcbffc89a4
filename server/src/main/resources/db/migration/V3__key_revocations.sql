create table key_revocation (
    log_index bigint primary key
);
