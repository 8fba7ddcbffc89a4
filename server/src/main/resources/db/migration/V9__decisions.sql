-- Made again from the record log at the next start, because nothing here says by when a change was to be decided.
delete from change_vote;
delete from key_revocation;
delete from emergency_merge;
delete from change_projection;
update change_projected set entries = 0;

alter table change_projection add column template varchar(63);
alter table change_projection add column priority integer not null;
alter table change_projection add column decide_by bigint not null;
alter table change_projection add column decided_at bigint;
