create index change_by_template on change_projection (template, state);
