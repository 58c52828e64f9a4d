"""People, projects, pages, storage, database, queue: what everything else stands on."""
