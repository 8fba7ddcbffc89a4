create table change_failure (
    at_system varchar(100) not null,
    number    bigint       not null,
    primary key (at_system, number)
);

-- Made again from the record log at the next start, which fills the table.
delete from change_vote;
delete from key_revocation;
delete from emergency_merge;
delete from recovery_merge;
delete from stop_order;
delete from change_projection;
update change_projected set entries = 0;
