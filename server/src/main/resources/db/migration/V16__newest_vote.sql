create index vote_by_entry on change_vote (log_index);
